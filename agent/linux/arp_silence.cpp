#include "agent/linux/arp_silence.h"

#include <string>

#include <nftables/libnftables.h>

#include "agent/linux/system_error.h"

namespace rsip::agent {
namespace {

/// First line of what nftables complains about.
std::string first_line(const char* text) {
  const std::string whole = text == nullptr ? "" : text;
  return whole.substr(0, whole.find('\n'));
}

}  // namespace

void ArpSilenceTable::Free::operator()(nft_ctx* context) const {
  nft_ctx_free(context);
}

Result<void> ArpSilenceTable::set(std::span<const Ipv4Address> addresses) {
  std::string set;
  for (const Ipv4Address address : addresses) {
    set += (set.empty() ? "" : ", ") + address.to_string();
  }
  // An unsolicited or requesting packet tells the LAN its sender's address as much as an answer
  // does. Adding before deleting makes deleting right whether the table exists or not.
  auto done =
      run("add table arp rsip { flags owner; }\n"
          "delete table arp rsip\n"
          "table arp rsip {\n"
          "  flags owner\n"
          "  chain input {\n"
          "    type filter hook input priority 0; policy accept;\n"
          "    arp operation request arp daddr ip { " +
          set +
          " } drop\n"
          "  }\n"
          "  chain output {\n"
          "    type filter hook output priority 0; policy accept;\n"
          "    arp saddr ip { " +
          set +
          " } drop\n"
          "  }\n"
          "}\n");
  // Not a device that is missing, which would be made again.
  if (!done && done.error().kind == ErrorKind::kNotFound) {
    done.error().kind = ErrorKind::kOther;
    done.error().hint = "the kernel needs nftables for ARP (CONFIG_NF_TABLES_ARP)";
  }
  return done;
}

Result<void> ArpSilenceTable::remove() {
  return run("delete table arp rsip\n");
}

Result<void> ArpSilenceTable::run(const std::string& commands) {
  if (context_ == nullptr) {
    context_.reset(nft_ctx_new(NFT_CTX_DEFAULT));
    if (context_ == nullptr) return fail_errno(ENOMEM, "start nftables");
    nft_ctx_buffer_error(context_.get());
    nft_ctx_buffer_output(context_.get());
  }
  errno = 0;
  if (nft_run_cmd_from_buffer(context_.get(), commands.c_str()) == 0) return {};
  const int code = errno;
  const std::string reason = first_line(nft_ctx_get_error_buffer(context_.get()));
  return fail(kind_of_errno(code), "nft table arp rsip: " + reason,
              kind_of_errno(code) == ErrorKind::kPermission ? std::string(kNeedsNetAdmin) : "");
}

}  // namespace rsip::agent
