#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "agent/discovery/lease_file.h"

namespace rsip::agent {

/// Where and for what to look for DHCP leases.
struct LeaseQuestion {
  std::string interface;
  unsigned interface_index = 0;
  unsigned option = 0;               ///< Number of the RSIP gateway option; 0: none.
  std::int64_t now = 0;              ///< Unix time in seconds.
  std::filesystem::path root = "/";  ///< What all paths below are under.
};

/// What the current DHCP leases of an interface say, put together from the files of
/// systemd-networkd (run/systemd/netif/leases/INDEX), NetworkManager
/// (run/NetworkManager/devices/INDEX, var/lib/NetworkManager/internal-*-INTERFACE.lease and
/// dhclient-*-INTERFACE.lease) and dhclient (var/lib/dhcp/dhclient*.leases,
/// var/lib/dhclient/*.lease*), the first that says something about a thing wins. Of several
/// dhclient files the lease that ends last wins. Files that are missing or unreadable say nothing.
/// Reads at most 64 files, and the last 256 KiB of each.
LeaseHints read_leases(const LeaseQuestion& question);

}  // namespace rsip::agent
