#include <lambdapack/lambdapack.hpp>

void deep(lp::InOut<double, 1> x) {
  for (auto a : lp::range(2))
    for (auto b : lp::range(2))
      for (auto c : lp::range(2))
        for (auto d : lp::range(2))
          for (auto e : lp::range(2))
            for (auto f : lp::range(2))
              for (auto g : lp::range(2))
                for (auto h : lp::range(2))
                  for (auto i : lp::range(2))
                    x(a + b + c + d + e + f + g + h + i) =
                        scale(x(a + b + c + d + e + f + g + h + i), 0.5);
}
