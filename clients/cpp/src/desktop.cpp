// Does what a desktop does with the server and compares what it reads with what it has sent. STAGE1_URL and
// STAGE1_AUTH_SHARED_SECRET say where; the argument is a file with a run. Ends with exit code 0 when all holds.
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "Stage1/api/AuthApi.h"
#include "Stage1/api/DatasetsApi.h"
#include "Stage1/api/QuestdbApi.h"
#include "Stage1/api/RunsApi.h"
#include "compare.h"
#include "material.h"
#include "stage1.h"

using namespace stage1::api;
using namespace stage1::model;
using web::json::value;

namespace {

/// Names that no other use of the same server has.
struct Names {
  std::string datasetId = newIdempotencyKey();
  std::string slug = "cpp_" + datasetId.substr(0, 8);
  std::string ohlcv = slug + "_ohlcv";
  std::string indicators = slug + "_hm";
  std::string imported = slug + "_csv";
  std::string runId = newIdempotencyKey();
  std::string predictions = "run_" + slug;
};

void require(bool holds, const std::string& otherwise) {
  if (!holds) throw std::runtime_error(otherwise);
}

std::string setting(const char* name) {
  const char* text = std::getenv(name);
  require(text != nullptr, std::string(name) + " is not set");
  return text;
}

void getToken(Stage1Connection& connection, const std::string& secret) {
  auto wanted = std::make_shared<TokenRequest>();
  wanted->setSecret(secret);
  wanted->setName("C++ client");
  wanted->setExpiresIn(3600);
  const AuthApi auth(connection.client());
  const auto key = newIdempotencyKey();
  const auto token = connection.send([&] { return auth.issueToken(wanted, key); });
  connection.useToken(token->getToken());
  std::cout << "token: good for " << token->getExpiresIn() / 60 << " minutes\n";
}

void registerDataset(Stage1Connection& connection, const Names& names, const Rows& bars, const Rows& indicators) {
  auto dataset = std::make_shared<DatasetWrite>();
  dataset->setDatasetId(names.datasetId);
  dataset->setDatasetSlug(names.slug);
  dataset->setSymbol("BTC");
  dataset->setGranularity("1h");
  dataset->setBarIntervalMs(kBarMs);
  dataset->setLookbackRows(kLookbackRows);
  dataset->setOhlcvMeasurement(names.ohlcv);
  dataset->setIndicatorMeasurement(names.indicators);
  dataset->setFirstOhlcvTs(bars.front().at("timestamp"));
  dataset->setFirstIndicatorTs(indicators.front().at("timestamp"));
  auto manifest = value::object();
  manifest["version"] = value::number(1);
  manifest["dataset_id"] = value::string(names.datasetId);
  manifest["dataset_slug"] = value::string(names.slug);
  manifest["source"] = value::string("laptop_imgui");
  manifest["exported_at"] = value::string("2025-11-06T13:05:17Z");
  dataset->setMetadata(any(manifest));
  const DatasetsApi datasets(connection.client());
  const auto key = newIdempotencyKey();
  connection.send([&] { return datasets.saveDataset(dataset, key, boost::none); });
  const auto stored = connection.send([&] { return datasets.getDataset(names.datasetId); });
  require(stored->getDatasetSlug() == names.slug && stored->getBarIntervalMs() == kBarMs &&
              stored->getLookbackRows() == kLookbackRows && stored->getIndicatorMeasurement() == names.indicators,
          "the dataset that is read is not the one that was sent: " + stored->toJson().serialize());
  std::cout << "dataset: " << names.slug << " registered and read\n";
}

/// Rows as they are read have the time in `timestamp_ms`; `unitMs` is what the sender's unit is worth.
value asRead(const Rows& rows, std::int64_t unitMs) {
  auto all = jsonOf(rows);
  for (auto& row : all.as_array()) {
    row["timestamp_ms"] = value::number(row.at("timestamp").as_number().to_int64() * unitMs);
    row.erase("timestamp");
  }
  return all;
}

void appendRows(Stage1Connection& connection, const Names& names, const Rows& bars, const Rows& indicators) {
  const DatasetsApi datasets(connection.client());
  auto sentBars = std::make_shared<RowsAppend>();
  sentBars->setRows(bars);
  const auto barsKey = newIdempotencyKey();
  const auto first = connection.send([&] { return datasets.appendOhlcv(names.datasetId, sentBars, barsKey, boost::none); });
  const auto again = connection.send([&] { return datasets.appendOhlcv(names.datasetId, sentBars, barsKey, boost::none); });
  compareSent("the receipt under the same Idempotency-Key", first->toJson(), again->toJson());
  require(first->getDuplicates() == 0 && first->getTotalRows() == static_cast<std::int64_t>(bars.size()),
          "the receipt of the bars: " + first->toJson().serialize());

  auto sentIndicators = std::make_shared<RowsAppend>();
  sentIndicators->setRows(indicators);
  const auto key = newIdempotencyKey();
  connection.send([&] { return datasets.appendIndicators(names.datasetId, sentIndicators, key, boost::none); });

  const auto none = boost::none;
  const auto readBars = connection.send([&] {
    return datasets.readOhlcv(names.datasetId, none, none, none, none, none, none, none, none, none, none, none);
  });
  const auto readIndicators = connection.send([&] {
    return datasets.readIndicators(names.datasetId, none, none, none, none, none, none, none, none, none, none, none);
  });
  const auto compared = compareSent("bars", asRead(bars, 1), jsonOf(readBars->getRows())) +
                        compareSent("indicators", asRead(indicators, 1000), jsonOf(readIndicators->getRows()));
  std::cout << "frames: " << bars.size() << " bars, sent twice under one key and stored once, and " << indicators.size()
            << " rows of indicators appended; " << compared << " values read as they were sent\n";
}

void saveRun(Stage1Connection& connection, const Names& names, const std::shared_ptr<RunSave>& run) {
  run->getRun()->setRunId(names.runId);
  run->getRun()->setDatasetId(names.datasetId);
  run->getRun()->setPredictionMeasurement(names.predictions);
  for (const auto& fold : run->getFolds()) fold->setRunId(names.runId);
  const RunsApi runs(connection.client());
  const auto key = newIdempotencyKey();
  const auto send = [&] { return runs.saveRun(run, key, boost::none, boost::none); };
  const auto first = connection.send(send);
  compareSent("the receipt under the same Idempotency-Key", first->toJson(), connection.send(send)->toJson());
  require(first->getFoldsWritten() == static_cast<int>(run->getFolds().size()) &&
              first->getPredictionRows() == static_cast<std::int64_t>(run->getPredictions().size()),
          "the receipt of the run: " + first->toJson().serialize());
  std::cout << "run: " << first->getFoldsWritten() << " folds and " << first->getPredictionRows()
            << " predictions saved, sent twice under one key\n";
}

/// The prediction rows as objects, as they were sent.
value rowsOf(const PredictionTable& table) {
  auto rows = value::array();
  const auto columns = table.getColumns();
  for (const auto& cells : table.getDataset()) {
    auto row = value::object();
    for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = cells[i]->toJson();
    rows[rows.size()] = row;
  }
  return rows;
}

void readRun(Stage1Connection& connection, const Names& names, const RunSave& sent) {
  const auto none = boost::none;
  const RunsApi runs(connection.client());
  const auto detail = connection.send([&] { return runs.getRun(names.runId, none, none, none, none, none, none); });
  const auto folds = connection.send([&] { return runs.listRunFolds(names.runId, none, none, none); });
  const auto table = connection.send(
      [&] { return runs.readRunPredictions(names.runId, none, none, none, none, none, none, none, none, none); });
  const auto sentFolds = ModelBase::toJson(sent.getFolds());
  const auto compared = compareSent("run", sent.getRun()->toJson(), detail->toJson()) +
                        compareSent("run/folds", sentFolds, ModelBase::toJson(detail->getFolds())) +
                        compareSent("folds", sentFolds, ModelBase::toJson(folds->getFolds())) +
                        compareSent("predictions", asRead(sent.getPredictions(), 1), rowsOf(*table));
  std::cout << "run read back: " << compared << " values of the run, its folds and predictions as they were sent\n";
}

void importAsJob(Stage1Connection& connection, const Names& names, const Rows& indicators) {
  std::ostringstream csv;
  csv << "timestamp,RSI_S\n";
  for (const auto& row : indicators)
    csv << timestampOf(row) << ',' << row.at("RSI_S")->toJson().serialize() << '\n';
  auto frame = std::make_shared<FrameImport>();
  frame->setMeasurement(names.imported);
  frame->setData(csv.str());
  frame->setFilename(names.imported + ".csv");
  const auto none = boost::none;
  const QuestdbApi questdb(connection.client());
  const auto key = newIdempotencyKey();
  const auto queued = connection.send([&] {
    return questdb.importFrameAsync(frame, key, none, none, none, none, none, none, none, none, none);
  });
  const auto job = waitForJob(connection, queued->getJobId());
  const auto written = job->getResult().at("rows_written")->toJson();
  compareSent("the job's rows_written", value::number(static_cast<std::int64_t>(indicators.size())), written);
  std::cout << "import: job " << job->getStatus() << ", " << written.serialize() << " rows written\n";
}

void showError(Stage1Connection& connection) {
  const DatasetsApi datasets(connection.client());
  try {
    connection.send([&] { return datasets.getDataset("nobody_has_this"); });
  } catch (const Stage1Error& error) {
    require(error.status == 404 && error.code == "DATASET_NOT_FOUND",
            "an unknown dataset reads as " + std::to_string(error.status) + " " + error.code);
    std::cout << "error: " << error.status << ' ' << error.code << ": " << error.what() << '\n';
    return;
  }
  throw std::runtime_error("a dataset that is not registered was read");
}

/// An answer outside 2xx, as the generated client throws it.
pplx::task<int> refusal(int status, const std::string& code) {
  const auto body = std::make_shared<std::istringstream>("{\"code\": \"" + code + "\"}");
  return pplx::task_from_exception<int>(ApiException(status, code, body));
}

void showTries(Stage1Connection& connection) {
  int asked = 0;
  const auto answered = connection.send([&] {
    return ++asked < 9 ? refusal(409, "IDEMPOTENCY_IN_PROGRESS") : pplx::task_from_result(asked);
  });
  require(answered == 9, "what is still at work was not asked for until it was there");
  for (const auto& [status, code] : {std::pair{504, "TIME_LIMIT"}, std::pair{409, "IDEMPOTENCY_KEY_REUSED"}}) {
    int tried = 0;
    try {
      connection.send([&, status = status, code = code] { return ++tried, refusal(status, code); });
    } catch (const Stage1Error& error) {
      require(tried == 1 && error.code == code, std::string(code) + " was tried again");
    }
    require(tried == 1, std::string(code) + " was not an error");
  }
  std::cout << "tries: an answer that is on its way is waited for, what is over is not tried again\n";
}

}  // namespace

int main(int count, char** arguments) {
  try {
    require(count == 2, "usage: desktop <file with a run>");
    Stage1Connection connection(setting("STAGE1_URL"));
    const Names names;
    const auto run = readRun(arguments[1]);
    auto columns = run->getRun()->getFeatureColumns();
    columns.insert(columns.end(), {run->getRun()->getTargetColumn(), "RSI_S"});
    const auto bars = makeBars();
    const auto indicators = makeIndicators(bars, columns);
    run->setPredictions(makePredictions(run->getFolds(), indicators));

    getToken(connection, setting("STAGE1_AUTH_SHARED_SECRET"));
    registerDataset(connection, names, bars, indicators);
    appendRows(connection, names, bars, indicators);
    saveRun(connection, names, run);
    readRun(connection, names, *run);
    importAsJob(connection, names, indicators);
    showError(connection);
    showTries(connection);
    return 0;
  } catch (const Stage1Error& error) {
    std::cerr << error.status << ' ' << error.code << ": " << error.what() << '\n';
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
  }
  return 1;
}
