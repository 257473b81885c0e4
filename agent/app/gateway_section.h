#pragma once

#include <cstddef>

#include "agent/app/config.h"
#include "common/config/table_reader.h"

namespace rsip::agent {

/// Reads the keys of one [[gateway]]; what is wrong stays with the reader.
///
/// position   among the gateways, from 0: the default device is named after it
GatewayConfig read_gateway_section(TableReader& reader, std::size_t position);

}  // namespace rsip::agent
