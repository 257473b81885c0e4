#pragma once

#include <variant>

#include <boost/json.hpp>

#include "common/ipc/events.h"

namespace rsip::ipc {

/// {"seq":...,"time":...,"type":...,"data":{...}}
inline boost::json::object event_object(const Event& event) {
  boost::json::object object{{"seq", event.seq}, {"time", event.time}};
  std::visit(
      [&](const auto& body) {
        object["type"] = body.kName;
        object["data"] = boost::json::value_from(body);
      },
      event.body);
  return object;
}

}  // namespace rsip::ipc
