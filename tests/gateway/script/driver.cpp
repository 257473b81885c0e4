#include "tests/gateway/script/driver.h"

#include <fstream>

namespace rsip::gateway::script {
namespace {

msg::Message refusal(std::uint16_t error, const Driver::Decoded& request) {
  msg::ErrorResponse response{error, {}, {}, {}};
  if (!request) {
    response.client = request.error().client;
    response.bind = request.error().bind;
    response.trailer.counter = request.error().counter;
    return response;
  }
  std::visit(
      [&](const auto& message) {
        if constexpr (requires { ClientId(message.client); }) response.client = message.client;
        if constexpr (requires { BindId(message.bind); }) response.bind = message.bind;
        response.trailer.counter = message.trailer.counter;
      },
      *request);
  return response;
}

}  // namespace

Driver::Driver(boost::asio::io_context& io, Gateway gateway)
    : gateway_(std::move(gateway)),
      sender_(io,
              [this](Ipv4Address host, std::span<const std::uint8_t> bytes) {
                return gateway_.send(host, bytes);
              }),
      socket_(io, [this](std::string_view line) { return take(line); }) {}

Result<void> Driver::load(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    return fail(ErrorKind::kConfigInvalid, "cannot read the script " + path,
                "name a file with one JSON object a line");
  }
  std::string line;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.front() == '#') continue;
    if (auto taken = take(line); !taken) {
      return fail(ErrorKind::kConfigInvalid,
                  path + ":" + std::to_string(number) + ": " + taken.error().message,
                  taken.error().hint);
    }
  }
  return {};
}

void Driver::stop() {
  socket_.stop();
  sender_.stop();
}

Result<void> Driver::take(std::string_view text) {
  const auto line = parse_line(text);
  if (!line) return tl::unexpected(line.error());
  if (line->clear) script_.clear();
  if (line->match) return script_.add(*line->match, line->act, gateway_.now());
  do_now(*line);
  return {};
}

void Driver::do_now(const Line& line) {
  const auto hosts = line.host ? std::vector{*line.host} : gateway_.hosts();
  for (const Ipv4Address host : hosts) {
    const Subject about = gateway_.subject(host);
    gateway_.really(host, line.act);
    if (line.act.raw) sender_.send(host, answers(line.act, {}));
    sender_.send(host, unasked(line.act, about));
  }
}

std::vector<msg::Message> Driver::answer(Ipv4Address host, const Decoded& request,
                                         const std::function<std::vector<msg::Message>()>& serve) {
  const auto type = request ? std::optional(msg::type_of(*request)) : std::nullopt;
  const auto act = script_.on_request(type, host, gateway_.now());
  if (!act) return serve();
  std::vector<msg::Message> replies;
  if (act->error) {
    replies.push_back(refusal(*act->error, request));
  } else if (act->drop != Loss::kRequest) {
    replies = serve();
  }
  if (act->drop == Loss::kReply) replies.clear();
  const Subject about = gateway_.subject(host);
  const bool alone = leaves_answers_alone(*act);
  if (!alone) sender_.send(host, answers(*act, replies));
  sender_.send(host, unasked(*act, about));
  gateway_.really(host, *act);
  return alone ? std::move(replies) : std::vector<msg::Message>{};
}

}  // namespace rsip::gateway::script
