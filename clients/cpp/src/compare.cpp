#include "compare.h"

#include <stdexcept>

namespace {

std::size_t compareObjects(const std::string& place, const web::json::object& sent, const web::json::object& read) {
  std::size_t compared = 0;
  for (const auto& [key, value] : sent) {
    const auto found = read.find(key);
    if (found == read.end()) throw std::runtime_error(place + "/" + key + " was sent and can't be read");
    compared += compareSent(place + "/" + key, value, found->second);
  }
  return compared;
}

std::size_t compareArrays(const std::string& place, const web::json::array& sent, const web::json::array& read) {
  if (sent.size() != read.size())
    throw std::runtime_error(place + ": " + std::to_string(sent.size()) + " items were sent, " +
                             std::to_string(read.size()) + " are read");
  std::size_t compared = 0;
  for (std::size_t i = 0; i < sent.size(); ++i)
    compared += compareSent(place + "/" + std::to_string(i), sent.at(i), read.at(i));
  return compared;
}

/// Flags among the metrics are true or false in requests and 1 or 0 in answers, as the contract says.
bool isNumeric(const web::json::value& value) { return value.is_number() || value.is_boolean(); }

double numberOf(const web::json::value& value) { return value.is_boolean() ? value.as_bool() : value.as_double(); }

bool areSame(const web::json::value& sent, const web::json::value& read) {
  if (read.is_number() && isNumeric(sent)) return numberOf(sent) == read.as_double();
  return sent == read;
}

}  // namespace

std::size_t compareSent(const std::string& place, const web::json::value& sent, const web::json::value& read) {
  if (sent.is_object() && read.is_object()) return compareObjects(place, sent.as_object(), read.as_object());
  if (sent.is_array() && read.is_array()) return compareArrays(place, sent.as_array(), read.as_array());
  if (!areSame(sent, read))
    throw std::runtime_error(place + ": " + sent.serialize() + " was sent, " + read.serialize() + " is read");
  return 1;
}
