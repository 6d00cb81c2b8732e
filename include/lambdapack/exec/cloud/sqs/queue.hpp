// One queue of SQS, by the JSON protocol.
#pragma once

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lambdapack/exec/cloud/net/aws.hpp"

namespace lambdapack::exec::cloud::sqs {

/// A message, which nobody else gets for a while.
struct Message {
  std::string body;
  std::string receipt;
  int receives = 1;  ///< how often it has been given to somebody
};

/// About how many messages wait, and how many somebody has.
struct Depth {
  std::int64_t waiting = 0;
  std::int64_t taken = 0;
};

/// A queue by its name. Safe from any thread.
class Queue {
 public:
  Queue(net::AwsPlace place, std::string name, RetryPolicy retry = {.attempts = 4})
      : service_(std::move(place), retry, {}), name_(std::move(name)) {}

  const std::string& name() const { return name_; }
  const net::AwsPlace& place() const { return service_.place(); }

  /// Makes the queue, if it is not there; messages stay for 14 days.
  void create() {
    net::Json ask = object({{"QueueName", name_}});
    json_object_set_new(ask.get(), "Attributes",
                        object({{"MessageRetentionPeriod", "1209600"}}).release());
    call("CreateQueue", ask);
  }

  /// Removes the queue with all that is in it; nothing happens if there is none.
  void remove() {
    try {
      call("DeleteQueue", with_url());
    } catch (const net::aws_refusal& e) {
      if (!is_missing(e)) throw;
    }
    const std::lock_guard lock(mutex_);
    url_.clear();
  }

  /// Puts messages into it, up to 10; whether each is there.
  std::vector<bool> send(const std::vector<std::string>& bodies) {
    const net::Json entries(json_array());
    for (std::size_t k = 0; k < bodies.size(); ++k)
      json_array_append_new(
          entries.get(), object({{"Id", std::to_string(k)}, {"MessageBody", bodies[k]}}).release());
    net::Json ask = with_url();
    json_object_set(ask.get(), "Entries", entries.get());
    return succeeded(call("SendMessageBatch", ask), bodies.size());
  }

  /// A message, for `lease`, if one comes within `wait` (20 s at most).
  std::optional<Message> receive(std::chrono::milliseconds lease, std::chrono::seconds wait) {
    net::Json ask = with_url();
    set(ask, "MaxNumberOfMessages", 1);
    set(ask, "VisibilityTimeout", seconds(lease));
    set(ask, "WaitTimeSeconds", wait.count());
    json_object_set_new(ask.get(), "AttributeNames", json_pack("[s]", "ApproximateReceiveCount"));
    const net::Json answer = call("ReceiveMessage", ask);
    const json_t* message = json_array_get(json_object_get(answer.get(), "Messages"), 0);
    if (message == nullptr) return std::nullopt;
    const std::string count =
        net::text_of(json_object_get(message, "Attributes"), "ApproximateReceiveCount");
    return Message{net::text_of(message, "Body"), net::text_of(message, "ReceiptHandle"),
                   static_cast<int>(std::max<std::int64_t>(1, integer(count)))};
  }

  /// Whether nobody else gets these messages for `lease` from now on, for each; 0 gives them back.
  std::vector<bool> prolong(const std::vector<std::string>& receipts,
                            std::chrono::milliseconds lease) {
    std::vector<bool> all;
    for (std::size_t begin = 0; begin < receipts.size(); begin += 10) {
      const std::size_t n = std::min<std::size_t>(10, receipts.size() - begin);
      const net::Json entries(json_array());
      for (std::size_t k = 0; k < n; ++k) {
        net::Json entry =
            object({{"Id", std::to_string(k)}, {"ReceiptHandle", receipts[begin + k]}});
        set(entry, "VisibilityTimeout", seconds(lease));
        json_array_append_new(entries.get(), entry.release());
      }
      net::Json ask = with_url();
      json_object_set(ask.get(), "Entries", entries.get());
      const std::vector<bool> some = succeeded(call("ChangeMessageVisibilityBatch", ask), n);
      all.insert(all.end(), some.begin(), some.end());
    }
    return all;
  }

  /// The message is not needed any more; one that has come back to the queue may stay there.
  void drop(const std::string& receipt) {
    net::Json ask = with_url();
    json_object_set_new(ask.get(), "ReceiptHandle", json_string(receipt.c_str()));
    try {
      call("DeleteMessage", ask);
    } catch (const net::aws_refusal& e) {
      if (e.kind().find("ReceiptHandle") == std::string::npos && !is_missing(e)) throw;
    }
  }

  /// Of a queue that is not there, nothing.
  Depth depth() {
    net::Json ask;
    try {
      ask = with_url();
      json_object_set_new(ask.get(), "AttributeNames",
                          json_pack("[ss]", "ApproximateNumberOfMessages",
                                    "ApproximateNumberOfMessagesNotVisible"));
      const net::Json answer = call("GetQueueAttributes", ask);
      const json_t* attributes = json_object_get(answer.get(), "Attributes");
      return {integer(net::text_of(attributes, "ApproximateNumberOfMessages")),
              integer(net::text_of(attributes, "ApproximateNumberOfMessagesNotVisible"))};
    } catch (const net::aws_refusal& e) {
      if (!is_missing(e)) throw;
      return {};
    }
  }

  /// Whether a refusal means that there is no such queue.
  static bool is_missing(const net::aws_refusal& e) {
    return e.kind().find("NonExistentQueue") != std::string::npos ||
           e.kind().find("QueueDoesNotExist") != std::string::npos;
  }

 private:
  static net::Json object(std::initializer_list<std::pair<const char*, std::string>> fields) {
    net::Json result(json_object());
    for (const auto& [name, value] : fields)
      json_object_set_new(result.get(), name, json_stringn(value.data(), value.size()));
    return result;
  }
  static void set(const net::Json& object, const char* name, std::int64_t value) {
    json_object_set_new(object.get(), name, json_integer(value));
  }

  // 12 hours are the most that SQS takes.
  static std::int64_t seconds(std::chrono::milliseconds lease) {
    return std::clamp<std::int64_t>((lease.count() + 999) / 1000, 0, 43200);
  }

  static std::int64_t integer(const std::string& digits) {
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
  }

  static std::vector<bool> succeeded(const net::Json& answer, std::size_t n) {
    std::vector<bool> all(n, false);
    const json_t* list = json_object_get(answer.get(), "Successful");
    for (std::size_t k = 0; k < json_array_size(list); ++k) {
      const auto id =
          static_cast<std::size_t>(integer(net::text_of(json_array_get(list, k), "Id")));
      if (id < n) all[id] = true;
    }
    return all;
  }

  net::Json call(const char* action, const net::Json& ask) {
    const net::Response answer =
        service_.post("/",
                      {{"X-Amz-Target", std::string("AmazonSQS.") + action},
                       {"Content-Type", "application/x-amz-json-1.0"}},
                      net::write_json(ask));
    net::Json result = net::read_json(answer.body.empty() ? "{}" : answer.body);
    if (!json_is_object(result.get()))
      throw run_error(text({"lambdapack: ", action, " at ", place().origin,
                            ": the answer is no JSON; check that the endpoint speaks SQS"}));
    return result;
  }

  // What requests call the queue. They go to the endpoint all the same, whatever host it names.
  net::Json with_url() {
    {
      const std::lock_guard lock(mutex_);
      if (!url_.empty()) return object({{"QueueUrl", url_}});
    }
    const std::string url =
        net::text_of(call("GetQueueUrl", object({{"QueueName", name_}})).get(), "QueueUrl");
    const std::lock_guard lock(mutex_);
    url_ = url;
    return object({{"QueueUrl", url_}});
  }

  net::AwsService service_;
  const std::string name_;
  std::mutex mutex_;
  std::string url_;
};

}  // namespace lambdapack::exec::cloud::sqs
