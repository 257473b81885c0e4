#pragma once

#include "agent/cli/command/command_line.h"

/// One family of verbs each: what they ask the agent, and what they print of its answer.
namespace rsip::cli {

Commands status_verbs();   ///< status, wait, version
Commands switch_verbs();   ///< up, down, restart
Commands lease_verbs();    ///< lease ..., renew
Commands listen_verbs();   ///< listen ...
Commands flow_verbs();     ///< flow list, port list
Commands ipsec_verbs();    ///< ipsec ..., spi ...
Commands gateway_verbs();  ///< gateway ..., profile ...
Commands route_verbs();    ///< route ..., query, dns, portal ...
Commands measure_verbs();  ///< ping, mtu, stats, metrics
Commands usage_verbs();    ///< usage
Commands log_verbs();      ///< log ..., monitor
Commands config_verbs();   ///< config ...
Commands doctor_verbs();   ///< doctor
Commands shell_verbs();    ///< completion, help, and what build and completion ask for

/// -g, as most verbs have it.
inline Option gateway_option(const char* words) {
  return {.name = "--gateway",
          .argument = "NAME",
          .words = words,
          .letter = 'g',
          .values = Values::kGateways};
}

}  // namespace rsip::cli
