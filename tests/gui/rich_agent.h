#pragma once

#include <string>

#include "common/ipc/doctor_report.h"
#include "tests/fakes/fake_agent.h"

/// An agent that has something of everything, for pictures and for tests of pages.
namespace rsip::fakes {

/// Two gateways, five leases with their past, IPsec and profiles.
ipc::Status rich_status();
ipc::DoctorReport rich_doctor();

/// Gives the agent that snapshot, and answers to every call that only reads.
void make_rich(FakeAgent& agent);
/// So many flows.
ipc::Flows many_flows(int count);

}  // namespace rsip::fakes
