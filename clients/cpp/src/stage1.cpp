#include "stage1.h"

#include <algorithm>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <iterator>
#include <thread>

#include "Stage1/api/JobsApi.h"

namespace {

constexpr int kWaitSeconds = 20;
/// A server that answers at once, as one that is stopping does, is not asked without a pause.
constexpr std::chrono::milliseconds kLeastPause{50};

std::string textOf(const web::json::value& problem, const char* key) {
  return problem.is_object() && problem.has_string_field(key) ? problem.at(key).as_string() : std::string();
}

}  // namespace

Stage1Connection::Stage1Connection(const std::string& url, std::chrono::seconds timeout)
    : configuration_(std::make_shared<stage1::api::ApiConfiguration>()),
      client_(std::make_shared<stage1::api::ApiClient>(configuration_)) {
  web::http::client::http_client_config http;
  http.set_timeout(timeout);
  configuration_->setHttpConfig(http);
  configuration_->setBaseUrl(url);
  // The generated exception has the body of the answer but not its headers.
  client_->setResponseHandler([this](web::http::status_code, const web::http::http_headers& headers) {
    const auto header = headers.find("Retry-After");
    retryAfter_ = std::chrono::seconds(header == headers.end() ? 0 : std::atoi(header->second.c_str()));
  });
}

void Stage1Connection::useToken(const std::string& token) { configuration_->setApiKey("stage1_token", token); }

bool Stage1Connection::isInProgress(const Stage1Error& answer) {
  return answer.status == 409 && answer.code == "IDEMPOTENCY_IN_PROGRESS";
}

bool Stage1Connection::isPassing(const Stage1Error& answer) {
  const int status = answer.status;
  if (status == 504) return answer.code != "TIME_LIMIT";
  return status == 429 || status == 502 || status == 503;
}

Stage1Error Stage1Connection::asStage1Error(const stage1::api::ApiException& error) {
  const int status = error.error_code().value();
  const auto content = error.getContent();
  if (!content) return Stage1Error(status, "", error.what());
  std::error_code notJson;
  const auto problem = web::json::value::parse(std::string(std::istreambuf_iterator<char>(*content), {}), notJson);
  const auto message = textOf(problem, "message");
  return Stage1Error(status, textOf(problem, "code"), message.empty() ? error.what() : message);
}

void Stage1Connection::pause(int failed) {
  const std::chrono::milliseconds growing(failed == 0 ? kLeastPause : std::chrono::seconds(1 << (failed - 1)));
  std::this_thread::sleep_for(std::max<std::chrono::milliseconds>(retryAfter_, growing));
}

std::string newIdempotencyKey() { return boost::uuids::to_string(boost::uuids::random_generator()()); }

std::shared_ptr<stage1::model::Job> waitForJob(Stage1Connection& connection, const std::string& jobId,
                                               const std::function<void(const stage1::model::Job&)>& onProgress) {
  const stage1::api::JobsApi jobs(connection.client());
  for (;;) {
    const auto next = std::chrono::steady_clock::now() + kLeastPause;
    const auto job = connection.send([&] { return jobs.getJob(jobId, kWaitSeconds); });
    if (job->getStatus() == "COMPLETED") return job;
    if (job->getStatus() == "FAILED" || job->getStatus() == "CANCELLED")
      throw JobError(job);
    onProgress(*job);
    std::this_thread::sleep_until(next);
  }
}
