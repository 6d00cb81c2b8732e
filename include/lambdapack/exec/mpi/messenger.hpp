// Values from rank to rank: announced in packets, and fetched when there is room for them.
//
// A sender announces a value in a small record; records for one rank go together in a packet. A
// small payload is in the record. The bytes of a larger one stay in the tile, in a send that MPI
// begins to transfer when the receiver asks for it: so what a receiver has not asked for takes
// memory only where it was made, where a tile lives anyway.
#pragma once

#include <mpi.h>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/mpi/calls.hpp"
#include "lambdapack/exec/mpi/contiguous.hpp"
#include "lambdapack/exec/mpi/wire.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::distributed {
struct Wish;
}

namespace lambdapack::exec::detail {

/// An announced value whose bytes are still with the sender.
struct Announced {
  Value value;
  distributed::Shape shape;
  int from = 0;
  int tag = 0;
  std::shared_ptr<const distributed::Wish> wish{};  ///< none in a run that has failed
};

/// What a rank has sent and received.
struct MessageCounts {
  std::int64_t values_sent = 0;
  std::int64_t bytes_sent = 0;
  std::int64_t values_received = 0;
  std::int64_t bytes_received = 0;
  std::int64_t packets_sent = 0;
};

/// Sends and receives for one run; only one thread calls it.
class Messenger {
 public:
  explicit Messenger(const Communicator& comm)
      : comm_(comm),
        highest_tag_(Communicator::highest_tag()),
        packets_to_(static_cast<std::size_t>(comm.size())) {}

  /// Announces a value to a rank, and offers its bytes; drops `offer` when they have been fetched,
  /// or went along. Where it throws, nothing was announced.
  void send(const Value& value, std::shared_ptr<const distributed::Outgoing> bytes, int to,
            std::shared_ptr<const void> offer) {
    const distributed::Shape shape = bytes->shape();
    require_size(shape);
    const std::int64_t payload_bytes = bytes->payload_bytes();
    distributed::Announcement a{value, shape, 0, {}};
    if (shape.bytes <= most_inside) {
      a.inside = {bytes->data(), static_cast<std::size_t>(shape.bytes)};
      announce(a, to);
    } else {
      sends_.prepare();
      a.tag = take_tag(to);
      announce(a, to);
      MPI_Request request = MPI_REQUEST_NULL;
      mpi_check(MPI_Issend(bytes->data(), static_cast<int>(shape.bytes), MPI_BYTE, to, a.tag, comm_,
                           &request),
                "send a tile");
      sends_.add(request, {std::move(bytes), std::move(offer), to, a.tag});
    }
    ++counts_.values_sent;
    counts_.bytes_sent += payload_bytes;
    if (pending_[to].size() >= full_packet) flush(to);
  }

  /// Tells every other rank that this one has failed.
  void send_failure() {
    for (int to = 0; to < comm_.size(); ++to)
      if (to != comm_.rank()) distributed::PacketWriter(pending_[to]).fail();
  }

  /// Tells a rank whether this one stands still.
  void send_standstill(const distributed::Standstill& standstill, int to) {
    distributed::PacketWriter(pending_[to]).tell(standstill);
  }

  /// Sends the packets that have something in them; how many.
  int flush() {
    int n = 0;
    for (auto& [to, packet] : pending_)
      if (!packet.empty()) flush(to), ++n;
    return n;
  }

  /// Takes in a packet that has come; false if none has in full. Calls value(announcement, from),
  /// where the bytes inside are good until it returns, failure() and standstill(what, from).
  template <class OnValue, class OnFailure, class OnStandstill>
  bool receive_packet(OnValue&& value, OnFailure&& failure, OnStandstill&& standstill) {
    if (incoming_ == MPI_REQUEST_NULL && !begin_packet()) return false;
    int there = 0;
    mpi_check(MPI_Test(&incoming_, &there, MPI_STATUS_IGNORE), "receive a packet");
    if (!there) return false;
    ++packets_received_;
    for (distributed::PacketReader reader(received_); !reader.done();) {
      switch (reader.kind()) {
        case distributed::Record::value:
          value(reader.announcement(), incoming_from_);
          break;
        case distributed::Record::failure:
          failure();
          break;
        case distributed::Record::standstill:
          standstill(reader.standstill(), incoming_from_);
          break;
      }
    }
    return true;
  }

  /// Begins to fetch the bytes of an announced value. Where it throws, nothing has begun.
  void fetch(const Announced& announced, distributed::Landing landing) {
    auto to = std::make_unique<Fetch>(Fetch{announced, std::move(landing)});
    fetches_.prepare();
    MPI_Request request = MPI_REQUEST_NULL;
    mpi_check(MPI_Irecv(to->landing.data(), static_cast<int>(announced.shape.bytes), MPI_BYTE,
                        announced.from, announced.tag, comm_, &request),
              "receive a tile");
    fetches_.add(request, std::move(to));
  }
  std::size_t fetches() const { return fetches_.size(); }

  /// Calls f(announced, landing) for each value that has come in full; how many.
  template <class F>
  int poll_fetches(F&& f) {
    return fetches_.poll(
        [&](std::unique_ptr<Fetch>& fetch) { f(fetch->announced, fetch->landing); });
  }

  /// Lets go of what has been sent; how many messages. Calls fetched(to) for each tile.
  template <class F>
  int poll_sends(F&& fetched) {
    return sends_.poll([&](Send& send) {
      free_tags_[send.to].push_back(send.tag);
      fetched(send.to);
    }) + packets_.poll([](auto&) {});
  }

  /// Tiles that have been offered and not been fetched in full.
  std::size_t sends() const { return sends_.size(); }
  /// Whether nothing of this rank is under way.
  bool is_quiet() const {
    return sends_.size() == 0 && packets_.size() == 0 && fetches_.size() == 0 &&
           incoming_ == MPI_REQUEST_NULL &&
           std::all_of(pending_.begin(), pending_.end(),
                       [](const auto& packet) { return packet.second.empty(); });
  }

  void count_received(std::int64_t bytes) {
    ++counts_.values_received;
    counts_.bytes_received += bytes;
  }
  const MessageCounts& counts() const { return counts_; }

  /// All ranks call it when they send no more: receives and forgets all that is under way.
  /// `announced` is what this rank has heard of and not fetched, of which it has room for one at a
  /// time.
  void drain(std::vector<Announced> announced) {
    flush();
    std::int64_t expected = 0;
    mpi_check(
        MPI_Reduce_scatter_block(packets_to_.data(), &expected, 1, MPI_INT64_T, MPI_SUM, comm_),
        "count packets");
    while (packets_received_ < expected) {
      const bool came = receive_packet(
          [&](const distributed::Announcement& a, int from) {
            if (a.tag != 0) announced.push_back({a.value, a.shape, from, a.tag, nullptr});
          },
          [] {}, [](const distributed::Standstill&, int) {});
      if (!came && poll_sends([](int) {}) == 0) std::this_thread::yield();
    }
    MPI_Request request = MPI_REQUEST_NULL;
    for (Scrap scrap; !announced.empty() || request != MPI_REQUEST_NULL || !is_quiet();) {
      int moved = fetches_.poll([](auto&) {}) + poll_sends([](int) {});
      if (request == MPI_REQUEST_NULL && !announced.empty()) {
        request = scrap.receive(announced.back(), comm_);
        announced.pop_back();
      }
      if (request != MPI_REQUEST_NULL) {
        int there = 0;
        mpi_check(MPI_Test(&request, &there, MPI_STATUS_IGNORE), "receive a tile");
        moved += there;
      }
      if (moved == 0) std::this_thread::yield();
    }
  }

 private:
  static constexpr int packet_tag = 0;
  static constexpr std::int64_t most_inside = 4096;
  static constexpr std::size_t full_packet = std::size_t{64} << 10;

  struct Send {
    std::shared_ptr<const distributed::Outgoing> bytes;
    std::shared_ptr<const void> offer;
    int to;
    int tag;
  };
  struct Fetch {
    Announced announced;
    distributed::Landing landing;
  };

  // A place for bytes that nobody wants.
  class Scrap {
   public:
    MPI_Request receive(const Announced& announced, MPI_Comm comm) {
      const auto size = static_cast<std::size_t>(announced.shape.bytes);
      if (size > size_) {
        bytes_.reset();
        bytes_.reset(new (std::nothrow) std::byte[size]);
        size_ = bytes_ ? size : 0;
      }
      MPI_Request request = MPI_REQUEST_NULL;
      MPI_Datatype all = MPI_DATATYPE_NULL;
      if (!bytes_) all = on_top_of_each_other(announced.shape.bytes);
      mpi_check(bytes_ ? MPI_Irecv(bytes_.get(), static_cast<int>(size), MPI_BYTE, announced.from,
                                   announced.tag, comm, &request)
                       : MPI_Irecv(little_, 1, all, announced.from, announced.tag, comm, &request),
                "receive a tile");
      if (all != MPI_DATATYPE_NULL) MPI_Type_free(&all);
      return request;
    }

   private:
    // Where there is no memory for one tile: a run may have failed for that.
    static MPI_Datatype on_top_of_each_other(std::int64_t bytes) {
      MPI_Datatype all = MPI_DATATYPE_NULL;
      const auto pieces = static_cast<int>((bytes + most_inside - 1) / most_inside);
      mpi_check(MPI_Type_create_hvector(pieces, int{most_inside}, 0, MPI_BYTE, &all),
                "make a type");
      mpi_check(MPI_Type_commit(&all), "make a type");
      return all;
    }

    std::unique_ptr<std::byte[]> bytes_;
    std::size_t size_ = 0;
    std::byte little_[most_inside];
  };

  void announce(const distributed::Announcement& a, int to) {
    std::vector<std::byte>& packet = pending_[to];
    const std::size_t before = packet.size();
    try {
      distributed::PacketWriter(packet).announce(a);
    } catch (...) {
      packet.resize(before);
      throw;
    }
  }

  void flush(int to) {
    packets_.prepare();
    auto bytes = std::make_unique<std::vector<std::byte>>();
    bytes->swap(pending_[to]);
    MPI_Request request = MPI_REQUEST_NULL;
    mpi_check(MPI_Isend(bytes->data(), static_cast<int>(bytes->size()), MPI_BYTE, to, packet_tag,
                        comm_, &request),
              "send a packet");
    packets_.add(request, std::move(bytes));
    ++packets_to_[static_cast<std::size_t>(to)];
    ++counts_.packets_sent;
  }

  // Whether there is a packet to receive; its bytes are there when `incoming_` has ended. Its
  // sender may have to do something for that, so nobody waits for it.
  bool begin_packet() {
    int there = 0, size = 0;
    MPI_Message message = MPI_MESSAGE_NULL;
    MPI_Status status;
    mpi_check(MPI_Improbe(MPI_ANY_SOURCE, packet_tag, comm_, &there, &message, &status),
              "look for a packet");
    if (!there) return false;
    MPI_Get_count(&status, MPI_BYTE, &size);
    received_.resize(static_cast<std::size_t>(size));
    incoming_from_ = status.MPI_SOURCE;
    mpi_check(MPI_Imrecv(received_.data(), size, MPI_BYTE, &message, &incoming_),
              "receive a packet");
    return true;
  }

  static void require_size(const distributed::Shape& shape) {
    if (shape.bytes > INT_MAX)
      throw run_error(text({"lambdapack: a tile of ", shape.bytes,
                            " bytes cannot be sent in one message of MPI, which holds at most 2^31 "
                            "- 1; use smaller tiles"}));
  }

  // A tag is in use until the receiver has matched its message, which the end of a synchronous send
  // tells, so that no two messages of a pair are mixed up.
  int take_tag(int to) {
    std::vector<int>& free = free_tags_[to];
    if (free.empty()) {
      int& last = last_tag_[to];
      if (last == highest_tag_)
        throw run_error(text({"lambdapack: rank ", to, " has ", highest_tag_,
                              " tiles on offer that it does not fetch, more than MPI has tags for; "
                              "use larger tiles, or give it less to do"}));
      return ++last;
    }
    const int tag = free.back();
    free.pop_back();
    return tag;
  }

  const Communicator& comm_;
  const int highest_tag_;
  std::map<int, std::vector<std::byte>> pending_;
  std::map<int, std::vector<int>> free_tags_;
  std::map<int, int> last_tag_;
  Requests<Send> sends_;
  Requests<std::unique_ptr<std::vector<std::byte>>> packets_;
  Requests<std::unique_ptr<Fetch>> fetches_;
  std::vector<std::byte> received_;  // a packet that comes in
  MPI_Request incoming_ = MPI_REQUEST_NULL;
  int incoming_from_ = 0;
  std::vector<std::int64_t> packets_to_;
  std::int64_t packets_received_ = 0;
  MessageCounts counts_;
};

}  // namespace lambdapack::exec::detail
