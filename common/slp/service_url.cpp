#include "common/slp/service_url.h"

#include <algorithm>
#include <charconv>

#include "common/slp/text.h"

namespace rsip::slp {
namespace {

constexpr std::size_t kMaxHostName = 253;  // RFC 1035

tl::unexpected<Error> broken(std::string_view url, const char* why) {
  return fail(ErrorKind::kProtocol,
              std::string("not a service URL: ") + why + " in " + escape(url.substr(0, 80)));
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.';
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= kMaxHostName && text.front() != '.' &&
         text.front() != '-' && std::all_of(text.begin(), text.end(), is_host_character);
}

std::optional<std::uint16_t> read_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

Result<ServiceUrl> ServiceUrl::parse(std::string_view text) {
  const std::string_view url = trim(text);
  const auto slashes = url.find("://");
  if (slashes == std::string_view::npos) return broken(url, "no ://");
  ServiceUrl found;
  found.type = fold(url.substr(0, slashes));
  if (!found.type.starts_with("service:")) return broken(url, "no service:");
  std::string_view site = url.substr(slashes + 3);
  site = site.substr(0, site.find_first_of("/;"));
  if (const auto user = site.rfind('@'); user != std::string_view::npos)
    site.remove_prefix(user + 1);
  const auto colon = site.find(':');
  found.host = site.substr(0, colon);
  if (!is_host(found.host)) return broken(url, "no host");
  if (colon == std::string_view::npos) return found;
  found.port = read_port(site.substr(colon + 1));
  if (!found.port) return broken(url, "a wrong port");
  return found;
}

std::string ServiceUrl::print() const {
  return type + "://" + host + (port ? ":" + std::to_string(*port) : "");
}

}  // namespace rsip::slp
