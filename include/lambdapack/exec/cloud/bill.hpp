// What a run has used, and what that costs.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "lambdapack/exec/cloud/ledger.hpp"
#include "lambdapack/exec/cloud/metered_objects.hpp"
#include "lambdapack/ir/detail/json_text.hpp"
#include "lambdapack/ir/detail/number.hpp"

namespace lambdapack::exec {

/// Prices in one currency. The defaults are, in US dollars, those of AWS Lambda (x86) and S3 in
/// us-east-1 in 2024.
struct CloudPrices {
  double gb_second = 1.66667e-5;  ///< of a worker's memory
  double start = 2e-7;            ///< of a worker
  double get = 4e-7;              ///< requests that read an object
  double put = 5e-6;              ///< requests that write, remove or list
  double gb_moved = 0;            ///< bytes to and from the store
};

/// What a run of lp::cloud has used. A worker counts from its start to its end, busy or not.
struct CloudBill {
  std::string run;
  int workers = 0;  ///< that have taken part, one after the other or at once
  double core_seconds = 0;
  double gb_seconds = 0;  ///< by the most memory that each worker had
  std::int64_t gets = 0;
  std::int64_t puts = 0;
  std::int64_t bytes_read = 0;
  std::int64_t bytes_written = 0;
  std::int64_t tasks = 0;
  std::int64_t attempts = 0;  ///< leases of tasks; more than tasks where workers died
  double money = 0;
};

namespace cloud {

/// Adds up what workers have noted and what this process has asked of the store.
inline CloudBill bill_of(const std::string& run, const std::vector<WorkerRecord>& workers,
                         const Meter& own, const CloudPrices& prices) {
  CloudBill bill;
  bill.run = run;
  bill.gets = own.gets;
  bill.puts = own.puts;
  bill.bytes_read = own.bytes_read;
  bill.bytes_written = own.bytes_written;
  for (const WorkerRecord& w : workers) {
    const double seconds = static_cast<double>(std::max<std::int64_t>(0, w.seen - w.begin)) / 1000;
    ++bill.workers;
    bill.core_seconds += seconds * w.cores;
    bill.gb_seconds += seconds * static_cast<double>(w.memory) / 1e9;
    bill.gets += w.gets;
    bill.puts += w.puts;
    bill.bytes_read += w.bytes_read;
    bill.bytes_written += w.bytes_written;
  }
  bill.money = bill.gb_seconds * prices.gb_second + bill.workers * prices.start +
               static_cast<double>(bill.gets) * prices.get +
               static_cast<double>(bill.puts) * prices.put +
               static_cast<double>(bill.bytes_read + bill.bytes_written) / 1e9 * prices.gb_moved;
  return bill;
}

/// The text of report.json.
inline std::string to_json(const CloudBill& bill, double seconds) {
  const auto number = [](double x) { return ir::detail::real_text(x); };
  ir::detail::JsonObject object;
  object.add("run", ir::detail::json_quoted(bill.run));
  object.add("seconds", number(seconds));
  object.add("tasks", bill.tasks);
  object.add("attempts", bill.attempts);
  object.add("workers", bill.workers);
  object.add("core_seconds", number(bill.core_seconds));
  object.add("gb_seconds", number(bill.gb_seconds));
  object.add("gets", bill.gets);
  object.add("puts", bill.puts);
  object.add("bytes_read", bill.bytes_read);
  object.add("bytes_written", bill.bytes_written);
  object.add("money", number(bill.money));
  return object.text() + "\n";
}

}  // namespace cloud

}  // namespace lambdapack::exec
