#include "tests/gateway/engine/random_bits.h"

#include <memory>
#include <random>

namespace rsip::gateway {

RandomBits system_random() {
  return [device = std::make_shared<std::random_device>()] { return (*device)(); };
}

}  // namespace rsip::gateway
