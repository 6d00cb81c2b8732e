// Each algorithm of lprun on .npy files and Zarr arrays of all four element types, against Eigen.
#include <limits>
#include <utility>

#include "lprun/support.hpp"

using namespace lprun_test;

// Eigen computes in complex double precision for all types, which costs the least to compile.
using Complex = std::complex<double>;
using M = Matrix<Complex>;

namespace {

/// How files of one element type are made and read.
struct Type {
  bool is_complex;
  double eps;
  M (*put)(const Folder& folder, const std::string& name, const M& m);
  M (*get)(const Folder& folder, const std::string& name);
  M (*get_real)(const Folder& folder, const std::string& name);
};

template <class T>
M get(const Folder& folder, const std::string& name) {
  return folder.get<T>(name).template cast<Complex>();
}

/// Writes m, and returns what it has become.
template <class T>
M put(const Folder& folder, const std::string& name, const M& m) {
  if constexpr (std::is_same_v<T, lp::real_t<T>>)
    folder.put<T>(name, m.real().cast<T>());
  else
    folder.put<T>(name, m.cast<T>());
  return get<T>(folder, name);
}

template <class T>
Type type() {
  using R = lp::real_t<T>;
  return {!std::is_same_v<T, R>, std::numeric_limits<R>::epsilon(), put<T>, get<T>, get<R>};
}

/// Files of one kind, in a folder where commands run.
struct Files {
  Type type;
  std::string ending;
  Folder folder{};

  /// The text with the ending for each {}.
  std::string named(std::string text) const {
    for (std::size_t at; (at = text.find("{}")) != std::string::npos;) text.replace(at, 2, ending);
    return text;
  }
  M put(const std::string& name, const M& m) const { return type.put(folder, name + ending, m); }
  M put_random(const std::string& name, long rows, long cols) const {
    return put(name, random<Complex>(rows, cols));
  }
  M get(const std::string& name) const { return type.get(folder, name + ending); }

  /// Runs a command, which must end well, with small residuals and a trace.
  void run(const std::string& command) const {
    const Ended ended =
        folder.run(named(command) + " --tile 4 --workers 2 --residual --trace t.json");
    INFO(named(command) << "\n" << ended.text);
    REQUIRE(ended.status == 0);
    const std::vector<double> found = residuals(ended.text);
    CHECK(!found.empty());
    for (const double residual : found) CHECK(residual < 30);
    // A small matrix is a band already: the first of these two runs has nothing to do.
    const std::string event = command.starts_with("heev") ? "\"ph\":" : "\"ph\":\"X\"";
    CHECK_THAT(folder.read("t.json"), Contains("traceEvents") && Contains(event));
  }

  void check(const M& expected, const M& found) const {
    REQUIRE(found.rows() == expected.rows());
    REQUIRE(found.cols() == expected.cols());
    CHECK((found - expected).norm() <= 2000 * type.eps * (1 + expected.norm()));
  }
  void check_orthogonal(const M& q) const {
    check(M::Identity(q.cols(), q.cols()), q.adjoint() * q);
  }
};

/// All four element types, and both kinds of files for real and complex ones.
template <class Test>
void with_all_files(const Test& test) {
  const std::pair<Type, const char*> all[] = {{type<float>(), ".zarr"},
                                              {type<double>(), ".npy"},
                                              {type<std::complex<float>>(), ".npy"},
                                              {type<std::complex<double>>(), ".zarr"}};
  for (const auto& [t, ending] : all) {
    CAPTURE(t.is_complex, t.eps, ending);
    test(Files{t, ending});
  }
}

M well_conditioned(long n) {
  return random<Complex>(n, n) + static_cast<double>(n) * M::Identity(n, n);
}
M positive_definite(long n, bool is_complex) {
  M a = well_conditioned(n);
  if (!is_complex) a = M(a.real().cast<Complex>());
  return a * a.adjoint() / n;
}

M lower(const M& a) { return a.triangularView<Eigen::Lower>(); }
M upper(const M& a) { return a.triangularView<Eigen::Upper>(); }

/// The matrices whose lower triangle is that of a.
M symmetric(const M& a) {
  const M below = a.triangularView<Eigen::StrictlyLower>();
  M all = below + below.transpose();
  all.diagonal() = a.diagonal();
  return all;
}
M hermitian(const M& a) {
  const M below = a.triangularView<Eigen::StrictlyLower>();
  M all = below + below.adjoint();
  all.diagonal() = a.diagonal().real().cast<Complex>();
  return all;
}

/// P A by the indices of its rows.
M permuted(const M& a, const std::vector<std::int64_t>& p) {
  M result(a.rows(), a.cols());
  for (long i = 0; i < a.rows(); ++i) result.row(i) = a.row(p.at(static_cast<std::size_t>(i)));
  return result;
}

}  // namespace

TEST_CASE("lprun: Cholesky and its solve") {
  with_all_files([](const Files& files) {
    const M a = files.put("A", positive_definite(11, files.type.is_complex));
    const M b = files.put_random("B", 11, 3);
    files.run("cholesky A{} -o L{}");
    const M l = files.get("L");
    files.check(a.llt().matrixL(), l);
    CHECK(l.isLowerTriangular(0));
    CHECK(files.get("A") == a);
    files.run("cholesky_solve L{} B{} -o X{}");
    files.check(b, M(a * files.get("X")));
    files.run("inverse A{} -o X{}");
    files.check(M::Identity(11, 11), M(a * files.get("X")));
  });
}

TEST_CASE("lprun: products") {
  with_all_files([](const Files& files) {
    const std::string alpha = files.type.is_complex ? "2,-1" : "2";
    const Complex factor(2, files.type.is_complex ? -1 : 0);
    const M a = files.put_random("A", 9, 5), d = files.put_random("D", 7, 9),
            c = files.put_random("C", 5, 7), s = files.put_random("S", 5, 5),
            u = files.put_random("U", 9, 9);
    files.run("gemm D{} A{} -o E{} --backend sequential");
    files.check(d * a, files.get("E"));
    files.run("gemm A{} D{} C{} -o E{} --op-a transpose --op-b adjoint --beta -0.5 --alpha " +
              alpha);
    files.check(factor * a.transpose() * d.adjoint() - 0.5 * c, files.get("E"));

    files.run("syrk A{} -o E{} --op transpose --alpha " + alpha);
    files.check(lower(factor * a.transpose() * a), files.get("E"));
    files.run("syrk A{} U{} -o E{} --part upper --beta " + alpha);
    M expected = u;
    expected.triangularView<Eigen::Upper>() = a * a.transpose() + factor * u;
    files.check(expected, files.get("E"));

    files.run("herk A{} S{} -o E{} --op adjoint --alpha -1 --beta 3");
    expected = s;
    expected.triangularView<Eigen::Lower>() = 3 * s - a.adjoint() * a;
    expected.diagonal() = M(expected.diagonal().real().cast<Complex>());
    files.check(expected, files.get("E"));

    files.run("symm U{} A{} -o E{} --alpha " + alpha);
    files.check(factor * symmetric(u) * a, files.get("E"));
    files.run("symm U{} D{} D{} -o E{} --side right --part upper --beta 2");
    files.check(d * symmetric(u.transpose()).transpose() + 2 * d, files.get("E"));
    files.run("hemm U{} A{} -o E{}");
    files.check(hermitian(u) * a, files.get("E"));
    const M b = files.put_random("B", 9, 5);
    files.run("syr2k A{} B{} -o E{} --alpha " + alpha);
    files.check(lower(factor * (a * b.transpose() + b * a.transpose())), files.get("E"));
    files.run("her2k A{} B{} S{} -o E{} --part upper --op adjoint --beta 3 --alpha " + alpha);
    expected = s;
    expected.triangularView<Eigen::Upper>() =
        factor * a.adjoint() * b + std::conj(factor) * b.adjoint() * a + 3 * s;
    expected.diagonal() = M(expected.diagonal().real().cast<Complex>());
    files.check(expected, files.get("E"));
  });
}

TEST_CASE("lprun: triangular systems") {
  with_all_files([](const Files& files) {
    const M a = files.put("A", well_conditioned(9)), b = files.put_random("B", 9, 4),
            c = files.put_random("C", 4, 9), small = files.put("S", a / 40);
    files.run("trsm A{} B{} -o X{}");
    files.check(b, lower(a) * files.get("X"));
    files.run("trsm A{} B{} -o X{} --part upper --op adjoint --alpha 2");
    files.check(2 * b, upper(a).adjoint() * files.get("X"));
    files.run("trsm A{} C{} -o X{} --side right --op transpose");
    files.check(c, files.get("X") * lower(a).transpose());
    files.run("trsm S{} C{} -o X{} --side right --part upper --diagonal unit");
    const M unit = small.triangularView<Eigen::UnitUpper>();
    files.check(c, files.get("X") * unit);
    files.run("trmm A{} B{} -o X{} --op adjoint --alpha 2");
    files.check(2 * lower(a).adjoint() * b, files.get("X"));
    files.run("trmm S{} C{} -o X{} --side right --part upper --diagonal unit");
    files.check(c * unit, files.get("X"));
  });
}

TEST_CASE("lprun: LU and systems of equations") {
  with_all_files([](const Files& files) {
    const M a = files.put_random("A", 13, 9), s = files.put("S", well_conditioned(11)),
            b = files.put_random("B", 11, 3),
            h = files.put("H", positive_definite(11, files.type.is_complex));
    for (const std::string algorithm : {"lu", "calu"}) {
      files.run(algorithm + " A{} -o LU{} --pivots p.npy");
      const M lu = files.get("LU");
      M l = lu.triangularView<Eigen::StrictlyLower>();
      l.diagonal().setOnes();
      files.check(permuted(a, files.folder.integers("p.npy")), l * upper(lu.topRows(9)));
    }
    files.run("lu S{} -o LU{}");
    files.check(s.partialPivLu().matrixLU(), files.get("LU"));
    for (const std::string by : {"lu", "calu"}) {
      files.run("solve S{} B{} -o X{} --by " + by);
      files.check(b, s * files.get("X"));
    }
    for (const std::string by : {"lu", "calu"}) {
      files.run("inverse S{} -o X{} --by " + by);
      files.check(M::Identity(11, 11), M(s * files.get("X")));
    }
    if (files.type.eps < 1e-10) {
      files.run("solve S{} B{} -o X{} --by mixed");
      files.check(b, s * files.get("X"));
    }
    const M i = files.put("I", hermitian(M(h - 3 * M::Identity(11, 11))));
    files.run("solve I{} B{} -o X{} --by hermitian");
    files.check(b, i * files.get("X"));
    files.run("solve H{} B{} -o X{} --by cholesky");
    files.check(b, h * files.get("X"));
  });
}

TEST_CASE("lprun: QR and least squares") {
  with_all_files([](const Files& files) {
    const auto check_qr = [&](const M& a) {
      const M q = files.get("Q"), r = files.get("R"), expected = a.householderQr().matrixQR();
      CHECK(r.isUpperTriangular(0));
      files.check(a, q * r);
      files.check_orthogonal(q);
      files.check(upper(expected.topRows(r.rows())).cwiseAbs().cast<Complex>(),
                  r.cwiseAbs().cast<Complex>());
    };
    const M a = files.put_random("A", 13, 9), wide = files.put_random("W", 6, 11),
            tall = files.put_random("T", 57, 6), b = files.put_random("B", 57, 3),
            c = files.put_random("C", 6, 2);
    files.run("qr A{} -o R{} -q Q{}");
    check_qr(a);
    files.run("qr W{} -o R{} -q Q{} --tree flat");
    check_qr(wide);
    files.run("tsqr T{} -o R{} -q Q{} --domain 3");
    check_qr(tall);
    files.run("qr T{} -o R{} -q Q{}");
    check_qr(tall);
    files.run("least_squares T{} B{} -o X{}");
    files.check(tall.householderQr().solve(b), files.get("X"));
    files.run("least_squares W{} C{} -o X{}");
    const M smallest = wide.adjoint() * (wide * wide.adjoint()).llt().solve(c);
    files.check(smallest, files.get("X"));
  });
}

TEST_CASE("lprun: QR with column pivoting") {
  with_all_files([](const Files& files) {
    const M wide = files.put_random("W", 6, 11),
            low = files.put("A", M(random<Complex>(13, 1) * random<Complex>(1, 9)));
    for (const auto& [name, a] : {std::pair{"A", low}, {"W", wide}}) {
      files.run(std::string("qr_pivoted ") + name + "{} -o R{} -q Q{} --columns p.npy");
      const std::vector<std::int64_t> p = files.folder.integers("p.npy");
      const M q = files.get("Q"), r = files.get("R");
      CHECK(r.isUpperTriangular(0));
      files.check(permuted(a.transpose(), p).transpose(), q * r);
      files.check_orthogonal(q);
    }
    const Ended ended = files.folder.run(files.named("qr_pivoted W{} -o R{} --tile 4"));
    CHECK_THAT(ended.text, Contains("rank 6 to working precision"));
  });
}

TEST_CASE("lprun: Cholesky-QR2, LQ and RQ") {
  with_all_files([](const Files& files) {
    const M a = files.put_random("A", 13, 9), wide = files.put_random("W", 6, 11),
            tall = files.put_random("T", 57, 6);
    files.run("cholesky_qr2 T{} -o R{} -q Q{}");
    const M q = files.get("Q"), r = files.get("R");
    CHECK(r.isUpperTriangular(0));
    files.check(tall, q * r);
    files.check_orthogonal(q);
    for (const M& b : {a, wide}) {
      files.put("A", b);
      files.run("lq A{} -o L{} -q P{}");
      const M l = files.get("L"), p = files.get("P");
      CHECK(l.isLowerTriangular(0));
      files.check(b, l * p);
      files.check_orthogonal(p.adjoint());
      files.run("rq A{} -o R{} -q P{}");
      files.check(b, files.get("R") * files.get("P"));
      files.check_orthogonal(files.get("P").adjoint());
    }
  });
}

TEST_CASE("lprun: singular values and vectors") {
  with_all_files([](const Files& files) {
    for (const auto& [rows, cols] : {std::pair{13, 9}, {6, 21}}) {
      const M a = files.put_random("A", rows, cols);
      const M expected = Eigen::JacobiSVD<M>(a).singularValues().cast<Complex>();
      const auto check_values = [&] {
        files.check(expected, files.type.get_real(files.folder, files.named("S{}")));
      };
      files.run("singular_values A{} -o S{}");
      check_values();
      files.run("svd A{} -o S{} --u U{} --vt V{}");
      check_values();
      const M u = files.get("U"), v = files.get("V");
      files.check(a, u * expected.col(0).asDiagonal() * v);
      files.check_orthogonal(u);
      files.check_orthogonal(v.adjoint());
    }
  });
}

TEST_CASE("lprun: the largest singular values, eigenvalues, polar factors") {
  with_all_files([](const Files& files) {
    const M a = files.put_random("A", 13, 9);
    const M s = Eigen::JacobiSVD<M>(a).singularValues().cast<Complex>();
    const auto get_real = [&](const char* name) {
      return files.type.get_real(files.folder, files.named(name));
    };
    files.run("randomized_svd A{} -o S{} --rank 9 --seed 5 --u U{} --vt V{}");
    files.check(s, get_real("S{}"));
    files.check(a, files.get("U") * s.col(0).asDiagonal() * files.get("V"));
    files.run("randomized_svd A{} -o S{} --rank 2 --oversampling 7 --iterations 0");
    files.check(s.topRows(2), get_real("S{}"));

    const M square = files.put_random("B", 11, 11);
    const M h = hermitian(square);
    const Eigen::SelfAdjointEigenSolver<M> solver(h);
    const M w = solver.eigenvalues().cast<Complex>();
    files.run("heev B{} -o W{} --vectors Z{}");
    files.check(w, get_real("W{}"));
    const M z = files.get("Z");
    files.check(h, z * w.col(0).asDiagonal() * z.adjoint());
    files.check_orthogonal(z);
    files.put("C", M(square.adjoint()));
    files.run("heev_values C{} -o W{} --part upper");
    files.check(w, get_real("W{}"));

    files.run("polar A{} -o U{} --factor H{}");
    const M u = files.get("U"), factor = files.get("H");
    files.check_orthogonal(u);
    files.check(a, u * factor);
    files.check(factor, M(factor.adjoint()));
  });
}
