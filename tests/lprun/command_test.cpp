// What lprun says to wrong data and commands, and its help.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "lprun/support.hpp"

using namespace lprun_test;

namespace {

/// The names of the algorithms, as lprun --help lists them.
std::vector<std::string> algorithm_names(const Folder& folder) {
  std::istringstream help(folder.run("--help").text);
  std::vector<std::string> names;
  std::string line;
  while (std::getline(help, line) && line != "Algorithms:") {
  }
  while (std::getline(help, line) && !line.empty())
    names.push_back(line.substr(2, line.find(' ', 2) - 2));
  return names;
}

}  // namespace

TEST_CASE("lprun: the example of each algorithm's help works as it stands") {
  const Folder folder;
  const Matrix<double> r = random<double>(12, 12),
                       a = r * r.transpose() + Matrix<double>::Identity(12, 12);
  const Matrix<double> l = a.llt().matrixL();
  const auto names = algorithm_names(folder);
  CHECK(names.size() == 28);
  for (const std::string& name : names) {
    for (const char* file : {"A.npy", "C.npy", "A.zarr", "B.zarr"}) folder.put<double>(file, a);
    folder.put<double>("L.npy", l);
    folder.put<double>("B.npy", random<double>(12, 3));
    folder.put<double>("tall.npy", random<double>(50, 4));
    folder.put<double>("b.npy", random<double>(50, 1));
    const std::string help = folder.run(name + " --help").text;
    const std::string mark = "Example: lprun ";
    REQUIRE_THAT(help, Contains(mark));
    const std::size_t begin = help.find(mark) + mark.size();
    const std::string example = help.substr(begin, help.find('\n', begin) - begin);
    CHECK(example.starts_with(name + " "));
    const Ended ended = folder.run(example);
    INFO(example << "\n" << ended.text);
    CHECK(ended.status == 0);
    CHECK_THAT(ended.text, Contains(name + ": ") && Contains(" tasks, "));
  }
}

TEST_CASE("lprun: docs/lprun.md tells every algorithm and option") {
  const Folder folder;
  std::ifstream in(LAMBDAPACK_SOURCE_DIR "/docs/lprun.md");
  const std::string document(std::istreambuf_iterator<char>(in), {});
  for (const std::string& name : algorithm_names(folder)) {
    CHECK_THAT(document, Contains("`" + name + "`"));
    const std::string help = folder.run(name + " --help").text;
    const std::regex option("\n  (-[-a-z]+)");
    for (std::sregex_iterator at(help.begin(), help.end(), option), end; at != end; ++at)
      CHECK_THAT(document, Contains("`" + (*at)[1].str()));
  }
}

TEST_CASE("lprun: wrong data is refused with status 1, and nothing is written") {
  const Folder folder;
  Matrix<double> a = random<double>(11, 11);
  a = (a * a.transpose()).eval() + Matrix<double>::Identity(11, 11);
  Matrix<double> bad = a, deficient = random<double>(11, 3), none = a;
  bad(6, 6) = -1;
  deficient.col(1).setZero();
  none(3, 2) = std::nan("");
  folder.put<double>("A.npy", bad);
  folder.put<double>("A.zarr", a);
  folder.put<double>("B.npy", random<double>(5, 7));
  folder.put<double>("D.npy", deficient);
  folder.put<double>("N.npy", none);
  folder.put<float>("F.npy", a.cast<float>());
  folder.put<double>("Z.npy", Matrix<double>::Zero(11, 11));
  std::filesystem::copy_file(folder.file("B.npy"), folder.file("short.npy"));
  std::filesystem::resize_file(folder.file("short.npy"), 200);
  std::filesystem::remove(folder.file("A.zarr") + "/1.1");
  folder.write("text.npy", "no array\n");

  const auto refused = [&](const std::string& arguments, const std::string& expected) {
    const Ended ended = folder.run(arguments + " -o out.npy --tile 4");
    CAPTURE(arguments);
    CHECK(ended.status == 1);
    CHECK_THAT(ended.text, Contains(expected));
    CHECK_FALSE(folder.has("out.npy"));
  };
  refused("cholesky A.npy", "info of ?potrf: 7");
  refused("solve A.npy D.npy --by cholesky", "info of ?potrf: 7");
  refused("solve Z.npy D.npy", "info of ?getrf");
  refused("least_squares D.npy D.npy", "row 2, counted from 1 (info of ?gels)");
  refused("svd N.npy", "NaN or an infinity");
  refused("cholesky none.npy", "none.npy");
  refused("cholesky none.zarr", "none.zarr");
  refused("cholesky short.npy", "short.npy");
  refused("cholesky text.npy", "text.npy");
  refused("cholesky A.zarr", "1.1");
  refused("gemm A.npy F.npy", "holds elements of type <f4; expected <f8");
  const std::map<std::string, std::string> shapes{
      {"cholesky B.npy", "must be square"},
      {"cholesky_solve A.npy B.npy", "B must have as many rows"},
      {"gemm A.npy B.npy", "as many columns"},
      {"gemm B.npy B.npy A.npy --op-a transpose --beta 1", "C must have as many rows as op(A)"},
      {"syrk B.npy A.npy --beta 1", "C must have as many rows as op(A)"},
      {"herk B.npy A.npy --beta 1", "C must have as many rows as op(A)"},
      {"trsm A.npy B.npy", "B must have as many rows as A"},
      {"trsm A.npy B.npy --side right", "B must have as many columns"},
      {"solve A.npy B.npy", "B must have as many rows as A"},
      {"solve B.npy B.npy", "must be square"},
      {"least_squares A.npy B.npy", "it needs 11 rows"},
  };
  for (const auto& [arguments, expected] : shapes) refused(arguments, expected);
}

TEST_CASE("lprun: an output that cannot be written is refused before the work is done") {
  const Folder folder;
  folder.put<double>("A.npy", Matrix<double>::Identity(5, 5));
  folder.put<double>("bad.npy", -Matrix<double>::Identity(5, 5));
  folder.write("file", "not an array");
  std::filesystem::create_directory(folder.file("folder.npy"));
  std::filesystem::create_directory(folder.file("other"));
  folder.write("other/thing", "not an array");
  const auto refused = [&](const std::string& arguments, const std::string& expected) {
    const Ended ended = folder.run(arguments);
    CAPTURE(arguments, ended.text);
    CHECK(ended.status == 1);
    CHECK_THAT(ended.text, Contains(expected) && !Contains("?potrf"));
  };
  for (const std::string output : {"gone/L.npy", "gone/L.zarr", "file/L.npy"})
    refused("cholesky bad.npy -o " + output, output.substr(0, output.find('/')));
  refused("cholesky bad.npy -o folder.npy", "folder.npy");
  refused("cholesky bad.npy -o file", "something else is there");
  refused("cholesky bad.npy -o other", "something else is there");
  refused("cholesky bad.npy -o L.npy --trace gone/t.json", "gone");
  refused("qr A.npy -o R.npy -q gone/Q.npy", "gone");
  refused("svd A.npy -o S.npy --vt gone/V.npy", "gone");
  refused("lu A.npy -o LU.npy --pivots gone/p.npy", "gone");
  CHECK_FALSE(folder.has("R.npy"));
  CHECK(folder.read("other/thing") == "not an array");
  CHECK(folder.run("cholesky A.npy -o L.npy").status == 0);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    CHECK_THAT(entry.path().filename().string(), !Contains("partial"));
}

TEST_CASE("lprun: a wrong command is refused with status 2") {
  const Folder folder;
  folder.put<double>("A.npy", Matrix<double>::Identity(3, 3));
  const auto refused = [&](const std::string& arguments, const std::string& expected) {
    const Ended ended = folder.run(arguments);
    CAPTURE(arguments, ended.text);
    CHECK(ended.status == 2);
    CHECK_THAT(ended.text, Contains(expected));
    CHECK_FALSE(folder.has("L.npy"));
  };
  refused("", "algorithm is missing");
  refused("choleski A.npy -o L.npy", "no algorithm 'choleski'; expected one of cholesky, ");
  refused("cholesky A.npy -o L.npy --backend clouds", "expected one of threads|sequential");
  refused("cholesky A.npy -o L.npy --backend 'threads|sequential'", "expected one of");
  refused("cholesky A.npy -o L.npy --fast", "no option '--fast'; lprun cholesky --help");
  refused("cholesky A.npy -o L.npy --alpha 2", "no option '--alpha'");
  refused("cholesky A.npy -o L.npy --tile 0", "at least 1");
  refused("cholesky A.npy -o L.npy --tile 4x", "at least 1");
  refused("cholesky A.npy -o L.npy --workers -1", "an integer from 0 to 4096");
  refused("cholesky A.npy -o L.npy --workers 4097", "an integer from 0 to 4096");
  refused("qr A.npy -o L.npy --domain 3000000000", "an integer from 1 to 2147483647");
  refused("tsqr A.npy -o L.npy --domain 0", "an integer from 1 to 2147483647");
  refused("cholesky '' -o L.npy", "an input is given no name");
  refused("cholesky A.npy -o L.npy --cloud 'cloud://?store=runs'", "option of --backend cloud");
  refused("cholesky A.npy -o L.npy --backend threads --cloud cloud://", "leave --cloud out");
  refused("cholesky A.npy -o L.npy --tile", "needs a value");
  refused("cholesky A.npy -o L.npy --tile 4 --tile 5", "twice");
  refused("cholesky A.npy -o ./A.npy", "an input too");
  refused("qr A.npy -o L.npy -q ./L.npy", "two outputs");
  refused("cholesky A.npy -o ''", "no name");
  refused("cholesky A.npy", "-o FILE");
  refused("cholesky A.npy A.npy -o L.npy", "takes A and -o FILE, as in: lprun cholesky");
  refused("gemm A.npy A.npy -o L.npy --alpha two", "expected a number");
  refused("gemm A.npy A.npy -o L.npy --alpha 1,2", "is to be real");
  refused("gemm A.npy A.npy -o L.npy --beta 1", "C is an input too");
  refused("gemm A.npy A.npy A.npy -o L.npy", "C is read only with --beta");
  refused("herk A.npy -o L.npy --op transpose", "none|adjoint");
  refused("trsm A.npy A.npy -o L.npy --side top", "left|right");
  refused("lu A.npy -o L.npy --pivots p.zarr", "ends in .npy");
}

TEST_CASE("lprun: singular matrices are factored, and it is said") {
  const Folder folder;
  folder.put<double>("Z.npy", Matrix<double>::Zero(5, 5));
  const Ended ended = folder.run("lu Z.npy -o LU.npy --residual");
  CHECK(ended.status == 0);
  CHECK_THAT(ended.text, Contains("U has a zero on its diagonal in row 1"));
  CHECK(residuals(ended.text) == std::vector<double>{0});
}

TEST_CASE("lprun: empty matrices, and traces of several runs") {
  const Folder folder;
  folder.put<double>("E.npy", Matrix<double>(0, 0));
  folder.put<double>("W.npy", Matrix<double>(0, 4));
  folder.put<double>("T.npy", Matrix<double>(4, 0));
  for (const char* command :
       {"cholesky E.npy", "lu W.npy", "qr W.npy", "qr T.npy --tree flat_trees", "tsqr E.npy",
        "tsqr W.npy", "tsqr T.npy", "svd E.npy", "gemm W.npy W.npy --op-a transpose"}) {
    const Ended ended = folder.run(std::string(command) + " -o out.npy --residual");
    INFO(command << "\n" << ended.text);
    CHECK(ended.status == 0);
  }
  folder.put<double>("A.npy", Matrix<double>::Identity(9, 9));
  folder.put<double>("B.npy", random<double>(9, 1));
  CHECK(folder.run("solve A.npy B.npy -o X.npy --by calu --trace t.json --tile 4").status == 0);
  CHECK_THAT(folder.read("t.json"), Contains("getrf"));
  CHECK_THAT(folder.read("t-2.json"), Contains("trsm"));
}

TEST_CASE("lprun: a trace takes no place of an input, an output or anything else") {
  const Folder folder;
  const Matrix<double> a = Matrix<double>::Identity(9, 9);
  for (const char* name : {"A.npy", "t-2.npy", "t-3.npy"}) folder.put<double>(name, a);
  std::filesystem::create_hard_link(folder.file("A.npy"), folder.file("link"));
  std::filesystem::create_directory(folder.file("folder"));
  const auto refused = [&](const std::string& arguments, int status, const std::string& expected) {
    const Ended ended = folder.run(arguments);
    CAPTURE(arguments, ended.text);
    CHECK(ended.status == status);
    CHECK_THAT(ended.text, Contains(expected));
    CHECK_FALSE(folder.has("X.npy"));
    for (const char* name : {"A.npy", "t-2.npy", "t-3.npy"}) CHECK(folder.get<double>(name) == a);
  };
  refused("solve A.npy t-2.npy -o X.npy --trace t.npy", 2, "t-2.npy, where the trace of a later");
  refused("solve A.npy A.npy -o t-3.npy --trace t.npy", 2, "two outputs are t-3.npy, where the");
  refused("cholesky A.npy -o X.npy --trace link", 2, "the output link is an input too");
  refused("svd A.npy -o X.npy --trace t.npy", 1,
          "cannot write the trace of a later run to t-2.npy: something else is there");
  refused("cholesky A.npy -o X.npy --trace folder", 1,
          "cannot write folder: that is the name of a directory");
  refused("cholesky A.npy -o X.npy --trace new/", 1,
          "cannot write new/: that is the name of a directory");
  for (const int turn : {1, 2}) {
    CAPTURE(turn);
    CHECK(folder.run("svd A.npy -o S.npy --trace s.json").status == 0);
    CHECK(folder.run("svd A.npy -o S.npy --trace s.html").status == 0);
  }
  CHECK_THAT(folder.read("s-2.json"), Contains("traceEvents"));
  CHECK_THAT(folder.read("s-2.html"), Contains("<html"));
}

TEST_CASE("lprun: what is printed nowhere is an error") {
  if (!std::filesystem::exists("/dev/full")) return;
  const Folder folder;
  folder.put<double>("A.npy", Matrix<double>::Identity(3, 3));
  for (const char* command : {"cholesky A.npy -o L.npy", "--help", "--version"}) {
    CAPTURE(command);
    const int status = std::system(("cd '" + folder.path() + "' && '" LPRUN_COMMAND "' " + command +
                                    " > /dev/full 2> said.txt")
                                       .c_str());
    CHECK(WEXITSTATUS(status) == 1);
    CHECK_THAT(folder.read("said.txt"), Contains("cannot write to the standard output"));
  }
  CHECK(folder.has("L.npy"));
}

TEST_CASE("lprun: help and version") {
  const Folder folder;
  CHECK_THAT(folder.run("--help").text, Contains("cholesky") && Contains("--backend"));
  CHECK_THAT(folder.run("gemm --help").text,
             Contains("Example: lprun gemm") && Contains("--op-a none|transpose|adjoint"));
  CHECK(folder.run("gemm A.npy --help").status == 0);
  CHECK(folder.run("--version").status == 0);
}

TEST_CASE("lprun: runs by workers, and commands about them") {
  const Folder folder;
  Matrix<double> A = random<double>(40, 40);
  A = A * A.transpose() + 40 * Matrix<double>::Identity(40, 40);
  folder.put<double>("A.npy", A);
  // Unless lprun was built without SQLite.
  if (folder.run("status").text.find("there is no algorithm") != std::string::npos) return;
  REQUIRE(folder.run("cholesky A.npy -o L.npy --tile 8").status == 0);
  const Ended ended = folder.run(
      "cholesky A.npy -o M.npy --tile 8 --residual --backend cloud --cloud "
      "'cloud://?store=runs&run=one' --workers 2");
  INFO(ended.text);
  REQUIRE(ended.status == 0);
  CHECK_THAT(ended.text, Contains("run one of cholesky in runs") && Contains("35 tasks"));
  CHECK(folder.get<double>("M.npy") == folder.get<double>("L.npy"));
  CHECK_THAT(folder.run("status one --store runs").text,
             Contains("one: cholesky, done, 35 of 35 tasks finished"));
  CHECK(folder.run("wait one --store runs").status == 0);
  CHECK(folder.run("resume one --store runs --workers 1").status == 0);
  CHECK_THAT(folder.run("cancel one --store runs").text, Contains("one was done already"));
  const Ended help = folder.run("gc --help");
  CHECK(help.status == 0);
  CHECK_THAT(help.text, Contains("usage: lprun status|wait") && Contains("--dry-run"));
  CHECK_THAT(folder.run("gc one --store runs --dry-run").text,
             Contains("0 objects would be") && Contains("--all removes them too"));
  CHECK_THAT(folder.run("gc one --store runs --all").text, Contains("runs/one/arrays/A/4.4"));
  const Ended gone = folder.run("status one --store runs");
  CHECK(gone.status == 1);
  CHECK_THAT(gone.text, Contains("there is no run one in the directory"));
  for (const char* wrong : {"status", "status one", "gc one --store runs --workers 2",
                            "resume one --store runs --workers x",
                            "resume one --store runs --workers 4097", "wait one two --store runs"})
    CHECK(folder.run(wrong).status == 2);
  CHECK_THAT(folder.run("cholesky A.npy -o M.npy --backend cloud --cloud gopher://x").text,
             Contains("does not begin with cloud://"));
}

TEST_CASE("lprun: within a limit of memory the files are those of a run without") {
  const Folder folder;
  const auto put = [&](const std::string& name, const Matrix<double>& m) {
    lp::write_zarr(folder.file(name),
                   lp::TiledMatrix<double>::from(m.data(), m.rows(), m.cols(), m.rows(), 64));
  };
  const Matrix<double> r = random<double>(300, 300);
  put("S.zarr", r * r.transpose() + 300 * Matrix<double>::Identity(300, 300));
  put("A.zarr", random<double>(300, 200));
  put("B.zarr", random<double>(200, 130));
  put("C.zarr", random<double>(300, 130));
  const auto same = [&](const std::string& command) {
    const Ended whole = folder.run(command + " -o whole.zarr --tile 64");
    const Ended limited = folder.run(command + " -o limited.zarr --memory 300M");
    INFO(whole.text << limited.text);
    REQUIRE(whole.status == 0);
    REQUIRE(limited.status == 0);
    CHECK_THAT(limited.text, Contains("tiles of 64, "));
    CHECK(folder.get<double>("limited.zarr") == folder.get<double>("whole.zarr"));
  };
  same("cholesky S.zarr");
  same("gemm A.zarr B.zarr");
  same("gemm B.zarr A.zarr --op-a transpose --op-b transpose");
  same("gemm A.zarr B.zarr C.zarr --alpha 2 --beta -1");

  const auto refused = [&](const std::string& command, int status, const std::string& why) {
    const Ended ended = folder.run(command);
    INFO(ended.text);
    CHECK(ended.status == status);
    CHECK_THAT(ended.text, Contains(why));
    CHECK_FALSE(folder.has("no.zarr"));
  };
  refused("cholesky S.zarr -o no.zarr --memory 2X", 2, "expected a number of bytes above 0");
  refused("cholesky S.zarr -o no.npy --memory 2G", 2, "all matrices are Zarr arrays");
  refused("cholesky S.zarr -o no.zarr --memory 2G --residual", 2, "reads whole matrices");
  refused("cholesky S.zarr -o no.zarr --memory 2G --backend sequential", 2, "--backend threads");
  refused("cholesky S.zarr -o no.zarr --memory 1M", 1, "leaves none for tiles");
  refused("cholesky C.zarr -o no.zarr --memory 1G", 1, "must be square");
}
