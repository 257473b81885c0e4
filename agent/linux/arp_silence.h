#pragma once

#include <memory>
#include <span>

#include "common/base/ipv4.h"
#include "common/base/result.h"

struct nft_ctx;

namespace rsip::agent {

/// The nftables table `arp rsip` that drops, on every interface, ARP requests for leased addresses
/// (RFC 3102 section 3.1; Linux would answer for an address of any of its interfaces) and ARP
/// packets of this host that have one as sender (a program bound to it meets a neighbour). It
/// belongs to this process (`flags owner`): others cannot change it, and it vanishes however the
/// process ends.
class ArpSilenceTable {
 public:
  /// Makes the table or replaces its content in one transaction. addresses is not empty.
  ///
  /// errors   kPermission, kOther with what nftables says
  Result<void> set(std::span<const Ipv4Address> addresses);
  Result<void> remove();

 private:
  Result<void> run(const std::string& commands);

  struct Free {
    void operator()(nft_ctx* context) const;
  };
  std::unique_ptr<nft_ctx, Free> context_;  ///< Its socket is the table's owner.
};

}  // namespace rsip::agent
