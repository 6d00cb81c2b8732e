// How the values of a run travel, as the thread of one rank that sends and receives sees it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "lambdapack/exec/job.hpp"
#include "lambdapack/exec/mpi/announcements.hpp"
#include "lambdapack/exec/mpi/calls.hpp"
#include "lambdapack/exec/mpi/delays.hpp"
#include "lambdapack/exec/mpi/early_end.hpp"
#include "lambdapack/exec/mpi/messenger.hpp"
#include "lambdapack/exec/mpi/site.hpp"
#include "lambdapack/text.hpp"

namespace lambdapack::exec::detail {

/// Sends what the tasks of this rank make, and fetches what they read. Only one thread calls it.
class Exchange {
 public:
  /// All that is given must outlive it.
  Exchange(const Communicator& comm, const Job& job, distributed::Site& site, EarlyEnd& early,
           std::int64_t buffer_bytes)
      : comm_(comm),
        site_(site),
        early_(early),
        buffer_bytes_(buffer_bytes),
        delays_(comm.rank()),
        messenger_(comm),
        announcements_(job.graph),
        fetched_(static_cast<std::size_t>(comm.size())),
        busy_at_(Clock::now()) {}

  /// One look at all that can have happened; how much has. What goes wrong with a value ends the
  /// run. Throws mpi_failure if MPI fails, and std::bad_alloc where what has come in finds no
  /// place.
  int step() {
    int done = 0;
    if (messenger_.fetches() > 0 || !site_.ready().idle()) busy_at_ = Clock::now();
    if (early_.stopped())
      site_.outbox().take();  // nobody wants it any more, and it keeps tiles
    else
      done += guarded([&] { return send_letters(); });
    tell_failure();
    done += guarded([&] { return messenger_.flush(); });
    done += receive_packets();
    done += finish_fetches();
    if (++turns_ % 8 == 0 || site_.ready().idle())
      done += messenger_.poll_sends([&](int to) { site_.offers().count_fetched(to); });
    if (!early_.stopped()) done += guarded([&] { return site_.let_go(); });
    if (!early_.stopped()) done += guarded([&] { return fetch(); });
    if (!early_.stopped()) guarded([&] { return tell_standstill(), 0; });
    if (!early_.stopped()) done += guarded([&] { return walk(); });
    return done;
  }

  /// Whether nothing is left to do here, to send or to receive.
  bool is_done() {
    if (!initial_over_ || !finals_over_ || !site_.is_done()) return false;
    bool some = true;
    guarded([&] {
      const std::vector<distributed::Letter> letters = site_.outbox().take();
      some = !letters.empty();
      send(letters);
      return 1;
    });
    return !some && messenger_.is_quiet() && announcements_.empty();
  }

  /// Rests after a step in which nothing has happened, the longer, the longer nothing has. While
  /// the workers have nothing to run, a tile on its way here is waited for; else they need the core
  /// more.
  void rest() {
    rests_ = std::min(rests_ + 1, longest_rests);
    const bool idle = site_.ready().idle();
    if (idle && messenger_.fetches() > 0 && rests_ < longest_rests)
      std::this_thread::yield();
    else
      site_.outbox().wait_for(
          std::chrono::microseconds(idle ? std::min(20 + 2 * rests_, 200) : 1000));
  }
  void no_rest() { rests_ = 0; }

  /// Whether a failure of this rank has been told to all others, or needs not be.
  bool has_told() const { return told_; }
  void flush() { messenger_.flush(); }
  /// All ranks call it at the end of a run that has failed: receives and forgets what is under way.
  void drain() { messenger_.drain(announcements_.take_all()); }
  const MessageCounts& counts() const { return messenger_.counts(); }

 private:
  using Clock = std::chrono::steady_clock;

  // What goes wrong with a value ends the run, as an error of a kernel does.
  template <class F>
  int guarded(F&& f) {
    try {
      return f();
    } catch (const mpi_failure&) {
      throw;
    } catch (...) {
      early_.fail(std::current_exception());
    }
    return 1;
  }

  int send_letters() {
    if (delays_.put_off()) return 0;
    const std::vector<distributed::Letter> letters = site_.outbox().take();
    send(letters);
    return static_cast<int>(letters.size());
  }

  void send(const std::vector<distributed::Letter>& letters) {
    for (const distributed::Letter& letter : letters) {
      std::shared_ptr<const distributed::Outgoing> bytes;
      naming(letter.value, "be sent", [&] {
        bytes = std::make_shared<const distributed::Outgoing>(letter.tile, letter.counted);
      });
      for (std::size_t k = 0; k < letter.to.size(); ++k)
        messenger_.send(letter.value, bytes, letter.to[k],
                        letter.offers.empty() ? nullptr : letter.offers[k]);
    }
  }

  // What f throws, with the name of the value that it is about.
  template <class F>
  void naming(const Value& value, const char* what, F&& f) const {
    try {
      f();
    } catch (const std::exception& e) {
      std::throw_with_nested(run_error(text({"lambdapack: ", site_.name_of(value), " cannot ", what,
                                             " on rank ", comm_.rank(), ": ", e.what()})));
    }
  }

  void tell_failure() {
    if (!early_.stopped() || told_) return;
    if (early_.error() && !heard_) messenger_.send_failure();
    told_ = true;
  }

  int receive_packets() {
    constexpr int most = 64;
    int received = 0;
    while (received < most && !delays_.put_off() &&
           messenger_.receive_packet(
               [&](const distributed::Announcement& a, int from) { announced(a, from); },
               [&] {
                 heard_ = true;
                 early_.stop();
               },
               [&](const distributed::Standstill& s, int from) {
                 site_.offers().stands_still(from, s.fetched, s.still);
               }))
      ++received;
    return received;
  }

  void announced(const distributed::Announcement& a, int from) {
    if (a.tag != 0) {
      Announced announced{a.value, a.shape, from, a.tag};
      if (!early_.stopped())
        guarded([&] {
          announced.wish = std::make_shared<const distributed::Wish>(site_.wish(a.value));
          return 1;
        });
      announcements_.add(std::move(announced));
      return;
    }
    if (early_.stopped()) return;
    guarded([&] {
      distributed::Landing landing(site_.type_of(a.value), a.shape);
      std::copy(a.inside.begin(), a.inside.end(), landing.data());
      site_.deliver(a.value, landed(a.value, landing));
      return 1;
    });
  }

  tile::Tile landed(const Value& value, distributed::Landing& landing) {
    tile::Tile tile;
    naming(value, "be read", [&] { tile = landing.take(); });
    messenger_.count_received(static_cast<std::int64_t>(tile.byte_size()));
    return tile;
  }

  int finish_fetches() {
    if (messenger_.fetches() == 0 || delays_.put_off()) return 0;
    return messenger_.poll_fetches([&](const Announced& a, distributed::Landing& landing) {
      (a.wish->hands_on ? handing_on_bytes_ : fetching_bytes_) -= a.shape.bytes;
      ++fetched_[static_cast<std::size_t>(a.from)];
      if (early_.stopped()) return;
      guarded([&] {
        tile::Tile tile = landed(a.value, landing);
        if (a.wish->is_whole)
          site_.deliver(a.value, std::move(tile), a.wish->to);
        else
          site_.deliver(a.value, std::move(tile));
        return 1;
      });
    });
  }

  // Fetches what other ranks get from here and what there is room for, and where this rank would
  // stand still, what comes first.
  int fetch() {
    if (announcements_.empty() || delays_.put_off()) return 0;
    const int begun = fetch_with_room();
    if (begun > 0 || announcements_.empty() || !stands_still()) return begun;
    const auto to_hand_on = announcements_.first_to_hand_on();
    if (to_hand_on && site_.lets_hand_on((*to_hand_on)->first)) return fetch(*to_hand_on), 1;
    if (const int needed = fetch_for_first_task(); needed > 0) return needed;
    // What is only kept here goes as soon as it has come.
    const auto unread = announcements_.unread();
    if (unread) fetch(*unread);
    return unread ? 1 : 0;
  }

  int fetch_with_room() {
    constexpr std::size_t most = 64;
    int begun = 0;
    while (messenger_.fetches() < most) {
      const auto next = announcements_.first_to_hand_on();
      if (!next || !site_.has_room_to_hand_on((*next)->second.shape.bytes, handing_on_bytes_))
        break;
      fetch(*next);
      ++begun;
    }
    while (messenger_.fetches() < most) {
      const auto next = announcements_.most_urgent();
      if (!next || !has_room((*next)->second)) break;
      fetch(*next);
      ++begun;
    }
    return begun;
  }

  // Fetches all that the first task in the program's order waits for, room or not, if it can run
  // then: so there is at most one task whose values are here for want of anything else to do. Of
  // all unfinished tasks of all ranks the first can always run, when what it waits for has been
  // announced: who fetches this never waits in a circle (Offers says why).
  int fetch_for_first_task() {
    const auto first = announcements_.first();
    if (!first) return 0;
    const Node node = (*first)->second.wish->first;
    const std::int64_t missing = site_.missing(node, scratch_);
    const std::vector<Announcements::Place> needed = announcements_.of(scratch_);
    if (std::cmp_not_equal(needed.size(), missing) || !site_.may_run(node)) return 0;
    for (const Announcements::Place place : needed) fetch(place);
    return static_cast<int>(needed.size());
  }

  bool has_room(const Announced& announced) const {
    return site_.received().bytes() + fetching_bytes_ + announced.shape.bytes <= buffer_bytes_;
  }

  // Whether this rank has had nothing to run and nothing on its way for a while.
  bool stands_still() const {
    constexpr std::chrono::microseconds patience(500);
    return messenger_.fetches() == 0 && site_.ready().idle() && Clock::now() - busy_at_ > patience;
  }

  // Ranks whose values wait here are to know whether this rank stands still: see Offers.
  void tell_standstill() {
    if (!stands_still()) {
      for (const auto& [to, fetched] : told_still_)
        messenger_.send_standstill({false, fetched}, to);
      told_still_.clear();
      return;
    }
    for (const auto& [from, waiting] : announcements_.from()) {
      const std::int64_t fetched = fetched_[static_cast<std::size_t>(from)];
      const auto told = told_still_.find(from);
      if (told != told_still_.end() && told->second == fetched) continue;
      messenger_.send_standstill({true, fetched}, from);
      told_still_[from] = fetched;
    }
  }

  // Where it throws, the value is still announced.
  template <class Place>
  void fetch(Place place) {
    const Announced& announced = place->second;
    naming(announced.value, "be received", [&] {
      messenger_.fetch(announced,
                       distributed::Landing(site_.type_of(announced.value), announced.shape));
    });
    (announced.wish->hands_on ? handing_on_bytes_ : fetching_bytes_) += announced.shape.bytes;
    announcements_.erase(place);
  }

  int walk() {
    constexpr int some = 64;
    int walked = 0;
    while (walked < some && !initial_over_ && (may_offer() || (walked == 0 && stands_still()))) {
      initial_over_ = !site_.walk_initial_tiles(1);
      ++walked;
    }
    if (walked == 0 && !finals_over_) {
      finals_over_ = !site_.walk_final_tiles(some);
      ++walked;
    }
    return walked;
  }

  // Initial tiles that nobody has fetched are as few as requests may be, and, where they are
  // copies, as received values. A rank that stands still offers more: another may wait for one.
  bool may_offer() const {
    constexpr std::size_t most_offered = 1024;
    return messenger_.sends() < most_offered && site_.copied_bytes() <= buffer_bytes_;
  }
  const Communicator& comm_;
  distributed::Site& site_;
  EarlyEnd& early_;
  const std::int64_t buffer_bytes_;
  Delays delays_;
  Messenger messenger_;
  Announcements announcements_;
  std::vector<Value> scratch_;
  std::vector<std::int64_t> fetched_;       // values, by the rank that they came from
  std::map<int, std::int64_t> told_still_;  // ranks that know this one to stand still, and after
                                            // how many of their values
  std::int64_t fetching_bytes_ = 0, handing_on_bytes_ = 0;
  Clock::time_point busy_at_;  // when this rank was last seen to have something to do
  bool initial_over_ = false, finals_over_ = false;
  bool told_ = false, heard_ = false;
  static constexpr int longest_rests = 1000;
  int rests_ = 0;
  unsigned turns_ = 0;
};

}  // namespace lambdapack::exec::detail
