// What the generated client leaves open: tries, errors as the server tells them, jobs to their end.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

#include "Stage1/ApiClient.h"
#include "Stage1/ApiException.h"
#include "Stage1/model/Job.h"

/// An answer outside 2xx that no further try could mend.
class Stage1Error : public std::runtime_error {
 public:
  Stage1Error(int status, std::string code, const std::string& message)
      : std::runtime_error(message), status(status), code(std::move(code)) {}
  const int status;
  /// For programs, such as DATASET_UNKNOWN; empty when something else than the server has answered.
  const std::string code;
};

/// A job that has ended as FAILED or CANCELLED; `job` is what the server knows of it.
class JobError : public std::runtime_error {
 public:
  explicit JobError(std::shared_ptr<stage1::model::Job> job)
      : std::runtime_error("job " + job->getJobId() + " has ended as " + job->getStatus() + ": " + job->getError()),
        job(std::move(job)) {}
  const std::shared_ptr<stage1::model::Job> job;
};

/// A connection for one thread at a time. Broken connections, 429, 502, 503 and a proxy's 504 are tried again, five times
/// in all, after `Retry-After` where the server says it and that is half a minute at most. Of a request that the server
/// still works at (409 IDEMPOTENCY_IN_PROGRESS) the answer is asked for until it is there.
class Stage1Connection {
 public:
  /// `url` without a path. A request may take as long as `timeout`.
  explicit Stage1Connection(const std::string& url, std::chrono::seconds timeout = std::chrono::seconds(120));
  // What hears the answers knows where this is.
  Stage1Connection(const Stage1Connection&) = delete;
  Stage1Connection& operator=(const Stage1Connection&) = delete;

  /// What the generated APIs are made with.
  std::shared_ptr<const stage1::api::ApiClient> client() const { return client_; }

  /// Sends this token with every request from now on.
  void useToken(const std::string& token);

  /// Sends what `request` describes until it is answered, and returns the answer. A request that writes needs an
  /// Idempotency-Key, or a try that was done without being answered is done twice.
  /// Throws Stage1Error, or web::http::http_exception when the server can't be reached.
  template <typename Request>
  auto send(Request request) {
    const auto patience = Clock::now() + kInProgress;
    for (int failed = 0;;) {
      try {
        retryAfter_ = std::chrono::seconds(0);
        return request().get();
      } catch (const stage1::api::ApiException& error) {
        const Stage1Error answer = asStage1Error(error);
        if (isInProgress(answer) ? Clock::now() > patience : !isPassing(answer) || ++failed == kTries) throw answer;
        if (retryAfter_ > kLongestPause) throw answer;
      } catch (const web::http::http_exception&) {
        if (++failed == kTries) throw;
      }
      pause(failed);
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int kTries = 5;
  static constexpr std::chrono::seconds kLongestPause{30};
  static constexpr std::chrono::seconds kInProgress{900};
  static bool isInProgress(const Stage1Error& answer);
  static bool isPassing(const Stage1Error& answer);
  static Stage1Error asStage1Error(const stage1::api::ApiException& error);
  void pause(int failed);

  std::shared_ptr<stage1::api::ApiConfiguration> configuration_;
  std::shared_ptr<stage1::api::ApiClient> client_;
  std::chrono::seconds retryAfter_{0};
};

/// A new Idempotency-Key: make one for each thing to be done, and use it for every try.
std::string newIdempotencyKey();

/// Asks until the job is COMPLETED and returns it; the server holds each question until something changes.
/// Throws JobError when it ends as FAILED or CANCELLED.
std::shared_ptr<stage1::model::Job> waitForJob(
    Stage1Connection& connection, const std::string& jobId,
    const std::function<void(const stage1::model::Job&)>& onProgress = [](const stage1::model::Job&) {});
