#include "common/ipc/status.h"

namespace rsip::ipc {

ProblemStatus problem_of(const Error& error) {
  return {to_string(error.kind), exit_code(error.kind), error.message, error.hint};
}

}  // namespace rsip::ipc
