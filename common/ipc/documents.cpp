#include "common/ipc/documents.h"

#include <boost/json.hpp>

#include "common/ipc/event_json.h"

namespace rsip::ipc {
namespace {

namespace json = boost::json;

}  // namespace

std::string document(const Documents& data, std::string_view agent, std::string_view time) {
  json::object object;
  std::visit(
      [&]<class Data>(const Data& d) {
        object["schema"] = "rsip." + std::string(kSchemaOf<Data>);
        object["time"] = time;
        object["agent"] = agent;
        object["data"] = json::value_from(d);
      },
      data);
  return json::serialize(object);
}

std::string error_document(const Error& error, std::string_view time) {
  return json::serialize(json::object{
      {"schema", "rsip.error/1"}, {"time", time}, {"error", json::value_from(problem_of(error))}});
}

std::string event_document(const Event& event) {
  json::object object{{"schema", "rsip.event/1"}};
  for (const auto& [key, value] : event_object(event)) object[key] = value;
  return json::serialize(object);
}

std::string snapshot_document(const Snapshot& snapshot, std::string_view time) {
  return json::serialize(json::object{{"schema", "rsip.event/1"},
                                      {"seq", snapshot.seq},
                                      {"time", time},
                                      {"type", "snapshot"},
                                      {"data", json::value_from(snapshot)}});
}

Result<DoctorReport> parse_doctor_document(std::string_view text) {
  const auto not_one = [] {
    return fail(ErrorKind::kProtocol, "this is no report of rsipctl doctor",
                "check that all programs are of the same release");
  };
  boost::system::error_code malformed;
  const json::value value = json::parse(text, malformed);
  const json::object* const object = malformed ? nullptr : value.if_object();
  const json::value* const data = object != nullptr ? object->if_contains("data") : nullptr;
  if (data == nullptr) return not_one();
  auto report = json::try_value_to<DoctorReport>(*data);
  if (!report) return not_one();
  return std::move(*report);
}

}  // namespace rsip::ipc
