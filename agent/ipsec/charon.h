#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "agent/ipsec/charon_sas.h"
#include "agent/ipsec/vici_client.h"
#include "common/base/result.h"

namespace rsip::agent {

/// strongSwan's daemon as the coordinator sees it: may be there, has associations, reads its
/// settings when told to.
///
/// thread   the event loop's
class Charon {
 public:
  struct Events {
    std::function<void()> up;       ///< It is there, and may have been restarted.
    std::function<void()> down;     ///< Or still not there.
    std::function<void()> changed;  ///< Associations came or went.
    std::function<void()> listed;   ///< sas() is new.
  };

  /// socket   empty: there is none
  Charon(boost::asio::io_context& io, std::string socket, Events events);

  void start();
  void stop() { vici_.stop(); }

  [[nodiscard]] bool up() const { return vici_.up(); }
  [[nodiscard]] const std::string& version() const { return version_; }
  /// Why it is not up; nothing if it is, or before the first attempt has ended.
  [[nodiscard]] const std::optional<ViciEnd>& end() const { return end_; }
  [[nodiscard]] const std::vector<CharonSa>& sas() const { return sas_; }

  using Done = std::function<void(Result<void>)>;

  /// A command that says whether it succeeded. Not answered if charon goes away.
  void command(const std::string& name, vici::Section body, Done done);
  /// reload-settings, same.
  void reload(Done done) { command("reload-settings", {}, std::move(done)); }
  /// list-sas, soon; several calls make one or two.
  void refresh();
  /// Ends what has one of these inbound SPIs, by the last list: after the peer has been told, or at
  /// once by force.
  void terminate(const std::set<std::uint32_t>& spis, bool force);
  /// The same of whatever begins at one of these addresses.
  void terminate_at(const std::set<Ipv4Address>& local, bool force);

 private:
  void command_all(std::vector<vici::Section> terminations);
  void came(std::string version);
  void went(const ViciEnd& end);
  void take(const std::vector<vici::Section>& list);

  const std::string socket_;
  const Events events_;
  std::string version_;
  std::optional<ViciEnd> end_;
  std::vector<CharonSa> sas_;
  bool listing_ = false;
  bool list_again_ = false;
  ViciClient vici_;
};

}  // namespace rsip::agent
