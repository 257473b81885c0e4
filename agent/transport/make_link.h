#pragma once

#include <memory>

#include <boost/asio/io_context.hpp>

#include "agent/transport/gateway_link.h"
#include "agent/transport/link_settings.h"

namespace rsip::agent {

/// The link that the settings ask for, still closed. What is wrong with them (files, say) is told
/// by LinkEvents::down after open(), because it may be mended until the next one.
std::unique_ptr<GatewayLink> make_link(boost::asio::io_context& io, const LinkSettings& settings,
                                       LinkEvents events);

}  // namespace rsip::agent
