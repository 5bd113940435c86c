#include "material.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <stdexcept>

using web::json::value;

namespace {

constexpr int kBars = 9'227;
constexpr std::int64_t kFirstBarMs = 1'728'932'400'000;

/// Between -1 and 1, the same in every run on every machine: the distributions of the library are not.
class Noise {
 public:
  explicit Noise(unsigned seed) : engine_(seed) {}
  double next() { return static_cast<double>(engine_()) / 2147483647.5 - 1; }

 private:
  std::mt19937 engine_;
};

}  // namespace

std::shared_ptr<stage1::model::AnyType> any(const value& json) {
  auto wrapped = std::make_shared<stage1::model::AnyType>();
  wrapped->fromJson(json);
  return wrapped;
}

value jsonOf(const Rows& rows) { return stage1::model::ModelBase::toJson(rows); }

std::int64_t timestampOf(const Row& row) { return row.at("timestamp")->toJson().as_number().to_int64(); }

Rows makeBars() {
  Noise noise(1);
  Rows bars;
  double price = 62'500;
  for (int i = 0; i < kBars; ++i) {
    const double open = price;
    const double close = price = open * (1 + noise.next() * 0.005);
    bars.push_back({{"timestamp", any(value::number(kFirstBarMs + i * kBarMs))},
                    {"open", any(value::number(open))},
                    {"high", any(value::number(std::max(open, close) * 1.001))},
                    {"low", any(value::number(std::min(open, close) * 0.999))},
                    {"close", any(value::number(close))},
                    {"volume", any(value::number(1'000 + 500 * noise.next()))}});
  }
  return bars;
}

Rows makeIndicators(const Rows& bars, const std::vector<std::string>& columns) {
  Noise noise(2);
  Rows rows;
  for (std::size_t i = kLookbackRows; i < bars.size(); ++i) {
    Row row{{"timestamp", any(value::number(timestampOf(bars[i]) / 1000))}};
    for (const auto& column : columns) row[column] = any(value::number(noise.next() * 100));
    rows.push_back(std::move(row));
  }
  return rows;
}

Rows makePredictions(const std::vector<std::shared_ptr<stage1::model::Fold>>& folds, const Rows& indicators) {
  Noise noise(3);
  Rows rows;
  for (const auto& fold : folds) {
    for (std::int64_t i = fold->getTestStartIdx(); i < fold->getTestEndIdx(); ++i)
      rows.push_back({{"timestamp", any(value::number(timestampOf(indicators.at(i)) * 1000))},
                      {"bar_index", any(value::number(i))},
                      {"fold_number", any(value::number(fold->getFoldNumber()))},
                      {"prediction", any(value::number(noise.next() * 120))},
                      {"long_threshold", any(value::number(fold->getThresholds()->getLongOptimal()))}});
  }
  return rows;
}

std::shared_ptr<stage1::model::RunSave> readRun(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error(file + " can't be read");
  auto run = std::make_shared<stage1::model::RunSave>();
  if (!run->fromJson(value::parse(stream))) throw std::runtime_error(file + " does not hold a run");
  return run;
}
