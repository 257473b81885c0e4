#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QDateTime>
#include <QString>

#include "common/ipc/status.h"

/// How values of the contract are said to a person, in their language.
namespace rsip::gui {

/// The agent's text: UTF-8.
inline QString text(const std::string& utf8) {
  return QString::fromStdString(utf8);
}

/// The agent's words begin small, and name things: they stand as they are but for their first
/// letter.
QString capitalized(QString words);
/// Same, with a full stop.
QString sentence(const std::string& words);

/// "21 min", "1 h 5 min", "48 s", "3 days 4 h".
QString durationText(std::uint64_t seconds);
/// "21:04", "1:05:09": for a clock that counts down.
QString clockText(std::uint64_t seconds);
/// "1.2 MB", "430 bytes".
QString bytesText(std::uint64_t bytes);
/// "1.2 MB/s".
QString rateText(double bytesPerSecond);
/// Local time of an ISO 8601 time; invalid if it is none.
QDateTime timeOf(const std::string& iso8601);
/// "today 14:32", or date and time.
QString momentText(const QDateTime& local, const QDateTime& now);

/// "5000-5031, 6000"; "all ports" if there is none.
QString portsText(const std::vector<ipc::PortRangeStatus>& ports);
/// "0x00001000-0x00001007".
QString spisText(const std::vector<ipc::SpiRangeStatus>& spis);
/// What a lease is: "Ports", "Whole address", "Server", "IPsec".
QString kindText(const ipc::LeaseStatus& lease);
/// Ports or SPIs, whichever it is of.
QString holdingText(const ipc::LeaseStatus& lease);
/// What became of it last: "Extended by 30 min", "Not renewed: ...".
QString renewalText(const ipc::RenewalStatus& renewal);
/// "assigned" and so on, for people.
QString gatewayStateText(const std::string& state);
/// "RSAP-IP over IP-IP"; empty before registration.
QString methodText(const ipc::GatewayStatus& gateway);
/// "by hand", "DHCP", "SLP", "router".
QString foundByText(const std::string& foundBy);

}  // namespace rsip::gui
