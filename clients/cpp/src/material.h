// What the program saves: bars, indicators and predictions that look like a desktop's, and its run of 312 folds.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "Stage1/AnyType.h"
#include "Stage1/model/RunSave.h"

/// A row as the generated client takes it.
using Row = std::map<std::string, std::shared_ptr<stage1::model::AnyType>>;
using Rows = std::vector<Row>;

constexpr std::int64_t kBarMs = 3'600'000;
/// Bars at the beginning for which the longest indicator has no value yet.
constexpr std::int64_t kLookbackRows = 1'084;

std::shared_ptr<stage1::model::AnyType> any(const web::json::value& value);
web::json::value jsonOf(const Rows& rows);
std::int64_t timestampOf(const Row& row);

/// Hourly bars; `timestamp` in milliseconds.
Rows makeBars();
/// A row for each bar after the lookback; `timestamp` in seconds, as desktops send it.
Rows makeIndicators(const Rows& bars, const std::vector<std::string>& columns);
/// A prediction for each test row of each fold; `timestamp` in milliseconds.
Rows makePredictions(const std::vector<std::shared_ptr<stage1::model::Fold>>& folds, const Rows& indicators);
/// A run that a desktop has made, from a file. Throws std::runtime_error when it can't be read.
std::shared_ptr<stage1::model::RunSave> readRun(const std::string& file);
