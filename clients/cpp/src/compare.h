// Whether what is read is what was sent.
#pragma once

#include <cpprest/json.h>

#include <string>

/// Compares every value of `sent` with the one at the same place in `read`, which may have more members; numbers must be
/// the same double. Returns how many values were compared. Throws std::runtime_error that names the place that differs.
std::size_t compareSent(const std::string& place, const web::json::value& sent, const web::json::value& read);
