// What the events of a run tell together: when each task became ready, how many were at each time,
// and what the workers did when they ran none.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "lambdapack/exec/job.hpp"

namespace lambdapack {

/// Where the seconds of one worker of a run went.
struct WorkerTime {
  std::int64_t tasks = 0;
  double busy = 0;
  double dependences = 0;  ///< idle, and no task was ready for it
  double scheduling = 0;   ///< idle though a task was ready for it that nobody had begun
  double begin = 0;        ///< idle before the run's first task
  double end = 0;          ///< idle after its last
};

/// From `time` on, up to the next of these: tasks that are ready but not begun, and that run, and
/// the bytes of tiles that the run held when the last task before ended.
struct RunWidth {
  double time = 0;
  std::int64_t ready = 0;
  std::int64_t running = 0;
  std::int64_t held_bytes = 0;
};

/// A run over time. Of several idle workers as many count as waiting for the scheduler as tasks are
/// ready; the time of each is divided in that proportion.
struct Timeline {
  double seconds = 0;            ///< the run's, or up to the end of a later event
  bool knows_ready = false;      ///< the report has a graph; else nothing is ever ready
  std::vector<double> ready;     ///< for each event: the end of the last of its predecessors
  std::vector<RunWidth> widths;  ///< in order of time, from 0 on
  std::vector<WorkerTime> workers;
};

namespace report::detail {

/// When each event's task became ready: at 0 if no event is its predecessor.
inline std::vector<double> ready_times(const exec::Report& report) {
  std::vector<double> ready(report.events.size(), 0);
  std::unordered_map<Node, double, NodeHash> ends;
  ends.reserve(report.events.size());
  for (const exec::Event& e : report.events) ends[e.node] = e.end;
  for (std::size_t k = 0; k < ready.size(); ++k) {
    report.graph->predecessors(report.events[k].node, [&](const Node& before) {
      const auto end = ends.find(before);
      if (end != ends.end()) ready[k] = std::max(ready[k], end->second);
    });
    // Clocks of two cores may differ by a tick.
    ready[k] = std::min(ready[k], report.events[k].begin);
  }
  return ready;
}

/// Walks through a run from its begin to its end.
class TimelineSweep {
 public:
  TimelineSweep(const exec::Report& report, Timeline& timeline)
      : report_(report), timeline_(timeline), seats_(timeline.workers.size()) {}

  void run() {
    list_points();
    timeline_.widths.push_back({});
    for (std::size_t k = 0; k < points_.size();) {
      const double time = points_[k].time;
      advance(time);
      for (; k < points_.size() && points_[k].time <= time; ++k) pass(points_[k]);
      add_width(time);
    }
    advance(timeline_.seconds);
    for (std::size_t w = 0; w < seats_.size(); ++w)
      if (seats_[w].active == 0) end_idle(w);
  }

 private:
  enum class What { ready, begin, end };
  struct Point {
    double time;
    What what;
    std::size_t worker;
    std::int64_t held_bytes = 0;
  };
  // Seconds so far by cause, as one who is idle all the time would have them.
  struct Clocks {
    double begin = 0, dependences = 0, scheduling = 0, end = 0;
  };
  struct Seat {
    int active = 0;
    double since = 0;  // when its last task began
    Clocks idle_since;
  };

  void list_points() {
    points_.reserve(3 * report_.events.size());
    for (std::size_t k = 0; k < report_.events.size(); ++k) {
      const exec::Event& e = report_.events[k];
      const auto worker = static_cast<std::size_t>(e.worker);
      if (timeline_.knows_ready) points_.push_back({timeline_.ready[k], What::ready, worker});
      points_.push_back({e.begin, What::begin, worker});
      points_.push_back({std::max(e.begin, e.end), What::end, worker, e.held_bytes});
      ++timeline_.workers[worker].tasks;
      left_ += 1;
    }
    std::sort(points_.begin(), points_.end(), [](const Point& a, const Point& b) {
      return a.time != b.time ? a.time < b.time : a.what < b.what;
    });
  }

  void advance(double time) {
    const double passed = time - now_;
    if (!(passed > 0)) return;
    now_ = time;
    if (!begun_) {
      clocks_.begin += passed;
    } else if (left_ == 0) {
      clocks_.end += passed;
    } else if (const std::size_t idle = seats_.size() - busy_; idle > 0) {
      const double share = std::min(
          1.0, static_cast<double>(std::max<std::int64_t>(ready_, 0)) / static_cast<double>(idle));
      clocks_.scheduling += share * passed;
      clocks_.dependences += (1 - share) * passed;
    }
  }

  void pass(const Point& p) {
    Seat& seat = seats_[p.worker];
    if (p.what == What::ready) {
      ++ready_;
    } else if (p.what == What::begin) {
      begun_ = true;
      if (timeline_.knows_ready) --ready_;
      ++running_;
      if (seat.active++ > 0) return;
      end_idle(p.worker);
      seat.since = now_;
      ++busy_;
    } else {
      --left_;
      --running_;
      held_bytes_ = p.held_bytes;
      if (--seat.active > 0) return;
      --busy_;
      timeline_.workers[p.worker].busy += now_ - seat.since;
      seat.idle_since = clocks_;
    }
  }

  void end_idle(std::size_t w) {
    WorkerTime& time = timeline_.workers[w];
    const Clocks& since = seats_[w].idle_since;
    time.begin += clocks_.begin - since.begin;
    time.dependences += clocks_.dependences - since.dependences;
    time.scheduling += clocks_.scheduling - since.scheduling;
    time.end += clocks_.end - since.end;
  }

  void add_width(double time) {
    RunWidth& last = timeline_.widths.back();
    const RunWidth next{time, ready_, running_, held_bytes_};
    if (last.time == time)
      last = next;
    else if (last.ready != ready_ || last.running != running_ || last.held_bytes != held_bytes_)
      timeline_.widths.push_back(next);
  }

  const exec::Report& report_;
  Timeline& timeline_;
  std::vector<Seat> seats_;
  std::vector<Point> points_;
  Clocks clocks_;
  double now_ = 0;
  bool begun_ = false;
  std::size_t busy_ = 0, left_ = 0;
  std::int64_t ready_ = 0, running_ = 0, held_bytes_ = 0;
};

}  // namespace report::detail

/// Times and widths of the recorded events of a run.
inline Timeline timeline(const exec::Report& report) {
  Timeline timeline;
  timeline.seconds = report.seconds;
  std::size_t workers = static_cast<std::size_t>(std::max(report.workers, 0));
  for (const exec::Event& e : report.events) {
    timeline.seconds = std::max(timeline.seconds, e.end);
    workers = std::max(workers, static_cast<std::size_t>(e.worker) + 1);
  }
  timeline.workers.resize(workers);
  timeline.knows_ready = report.graph.has_value();
  if (timeline.knows_ready) timeline.ready = report::detail::ready_times(report);
  report::detail::TimelineSweep(report, timeline).run();
  return timeline;
}

}  // namespace lambdapack
