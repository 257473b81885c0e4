#include "tests/gateway/config/access.h"

#include <algorithm>
#include <sys/stat.h>

#include "common/config/table_reader.h"

namespace rsip::gateway {
namespace {

/// The text of a file that others must not read.
Result<std::string> read_secret_file(const std::string& path) {
  auto text = read_text_file(path);
  if (!text) return fail(text.error().kind, text.error().message, "name a file with the secret");
  struct stat about{};
  if (stat(path.c_str(), &about) == 0 && (about.st_mode & S_IRWXO) != 0) {
    return fail(ErrorKind::kConfigInvalid, path + " is open to every user of this machine",
                "run: chmod o= " + path);
  }
  return text;
}

/// A key's secret as the configuration names it: by its file.
struct SecretFile {
  auth::Secret secret;

  static Result<SecretFile> parse(const std::string& path) {
    return read_secret_file(path)
        .and_then([](const std::string& text) { return auth::Secret::parse(text); })
        .map([](auth::Secret secret) { return SecretFile{std::move(secret)}; })
        .map_error([&](Error error) {
          if (error.message.find(path) == std::string::npos) error.message += ", in " + path;
          return error;
        });
  }
};

Result<PreSharedKey> parse_psk(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 127) {
    return fail(
        ErrorKind::kConfigInvalid, "there is no identity before a colon",
        "write a line \"identity:secret\" for each host, identities of up to 127 characters");
  }
  return auth::Secret::parse(line.substr(colon + 1)).map([&](auth::Secret secret) {
    return PreSharedKey{std::string(line.substr(0, colon)), std::move(secret)};
  });
}

/// Lines "identity:secret"; empty ones and those that begin with # do not count.
struct PskFile {
  std::vector<PreSharedKey> psks;

  static Result<PskFile> parse(const std::string& path) {
    const auto text = read_secret_file(path);
    if (!text) return tl::unexpected(text.error());
    PskFile file;
    int number = 0;
    for (std::string_view rest = *text; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      ++number;
      if (line.empty() || line.starts_with('#')) continue;
      auto psk = parse_psk(line);
      if (psk && file.knows(psk->identity)) {
        psk =
            fail(ErrorKind::kConfigInvalid, "that identity was there before", "give each its own");
      }
      if (!psk) {
        return fail(psk.error().kind,
                    path + ":" + std::to_string(number) + ": " + psk.error().message,
                    psk.error().hint);
      }
      file.psks.push_back(std::move(*psk));
    }
    return file;
  }

  [[nodiscard]] bool knows(const std::string& identity) const {
    return std::ranges::find(psks, identity, &PreSharedKey::identity) != psks.end();
  }
};

void read_key(TableReader& reader, AccessSettings& access) {
  HostKey host;
  SecretFile secret;
  reader.require("id");
  reader.require("secret_file");
  reader.number("id", host.key.id, 0, 0xFFFFFFFF);
  reader.item("secret_file", secret);
  reader.list("hosts", host.hosts);
  host.key.secret = std::move(secret.secret);
  const auto same = [&](const HostKey& other) { return other.key.id == host.key.id; };
  if (std::ranges::any_of(access.keys, same)) {
    reader.complain("id", "id = " + std::to_string(host.key.id) + " is there twice",
                    "give each key its own number");
  }
  access.keys.push_back(std::move(host));
}

void read_auth(TableReader& reader, AccessSettings& access) {
  reader.flag("required", access.authentication_required);
  if (access.authentication_required && access.keys.empty()) {
    reader.complain("required", "authentication is required, but there is no key",
                    "add a section [[key]] with id and secret_file");
  }
}

void read_tls(TableReader& reader, AccessSettings& access) {
  TlsServerSettings tls;
  PskFile psks;
  reader.number("port", tls.port, 0, 65535);
  reader.text("certificate", tls.certificate);
  reader.text("private_key", tls.private_key);
  reader.item("psk_file", psks);
  tls.psks = std::move(psks.psks);
  if (tls.port == 0) return;
  if (tls.certificate.empty() != tls.private_key.empty()) {
    reader.complain("certificate", "certificate and private_key belong together", "give both");
  }
  if (tls.certificate.empty() && tls.psks.empty()) {
    reader.complain("port", "TLS has neither a certificate nor pre-shared keys",
                    "give certificate and private_key, or psk_file, or both");
  }
  access.tls = std::move(tls);
}

using Read = void (*)(TableReader&, AccessSettings&);

Result<void> read_table(const toml::node& node, const std::string& file, const std::string& section,
                        Read read, AccessSettings& access) {
  if (!node.is_table()) {
    return complain_at(node, file, section + " is no section",
                       "write " + section + " on a line of its own");
  }
  TableReader reader(*node.as_table(), file, section);
  read(reader, access);
  return reader.finish();
}

}  // namespace

Result<AccessSettings> parse_access(const toml::table& root, const std::string& file) {
  AccessSettings access;
  Result<void> done;
  if (const toml::node* const keys = root.get("key")) {
    const toml::array* const all = keys->as_array();
    if (all == nullptr) return complain_at(*keys, file, "[key] is no list", "write [[key]]");
    for (const toml::node& key : *all) {
      if (done) done = read_table(key, file, "[[key]]", read_key, access);
    }
  }
  const std::pair<const char*, Read> sections[] = {{"auth", read_auth}, {"tls", read_tls}};
  for (const auto& [name, read] : sections) {
    const toml::node* const node = root.get(name);
    if (done && node != nullptr) {
      done = read_table(*node, file, "[" + std::string(name) + "]", read, access);
    }
  }
  if (!done) return tl::unexpected(done.error());
  return access;
}

}  // namespace rsip::gateway
