// The report room: what a program's graph and its runs look like. Not part of lambdapack.hpp.
#pragma once

#include "lambdapack/report/explain.hpp"     // explain: why a task waits, and for whom
#include "lambdapack/report/gantt_svg.hpp"   // gantt_svg: who did what when
#include "lambdapack/report/graph_dot.hpp"   // graph_dot: a task graph for Graphviz
#include "lambdapack/report/graph_json.hpp"  // graph_json: every task and edge as JSON
#include "lambdapack/report/graph_svg.hpp"   // graph_svg: a task graph as a picture
#include "lambdapack/report/progress.hpp"    // wait_with_progress
#include "lambdapack/report/run_html.hpp"    // report_html: a run as a page
#include "lambdapack/report/timeline.hpp"    // timeline: the numbers of that page
#include "lambdapack/report/trace.hpp"       // trace_json: a run for Chrome and Perfetto
