#include "gui/models/words.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace rsip::gui {
namespace {

class Words {
  Q_DECLARE_TR_FUNCTIONS(Words)
};

}  // namespace

QString capitalized(QString words) {
  if (!words.isEmpty()) words[0] = words[0].toUpper();
  return words;
}

QString sentence(const std::string& words) {
  QString all = capitalized(text(words));
  if (!all.isEmpty() && !all.endsWith(QLatin1Char('.'))) all += QLatin1Char('.');
  return all;
}

QString durationText(std::uint64_t seconds) {
  const QLocale locale;
  const auto number = [&](std::uint64_t value) { return locale.toString(qulonglong(value)); };
  if (seconds < 60) return Words::tr("%1 s").arg(number(seconds));
  const std::uint64_t minutes = seconds / 60;
  if (minutes < 60) return Words::tr("%1 min").arg(number(minutes));
  const std::uint64_t hours = minutes / 60;
  if (hours < 48) {
    if (minutes % 60 == 0) return Words::tr("%1 h").arg(number(hours));
    return Words::tr("%1 h %2 min").arg(number(hours), number(minutes % 60));
  }
  return Words::tr("%1 days %2 h").arg(number(hours / 24), number(hours % 24));
}

QString clockText(std::uint64_t seconds) {
  const auto two = [](std::uint64_t value) {
    return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0'));
  };
  const std::uint64_t hours = seconds / 3600;
  const QString rest = two(seconds % 60);
  if (hours == 0) return QStringLiteral("%1:%2").arg(seconds / 60).arg(rest);
  return QStringLiteral("%1:%2:%3").arg(hours).arg(two(seconds / 60 % 60), rest);
}

QString bytesText(std::uint64_t bytes) {
  return QLocale().formattedDataSize(qint64(bytes), 1, QLocale::DataSizeSIFormat);
}

QString rateText(double bytesPerSecond) {
  return Words::tr("%1/s").arg(bytesText(std::uint64_t(bytesPerSecond)));
}

QDateTime timeOf(const std::string& iso8601) {
  return QDateTime::fromString(text(iso8601), Qt::ISODateWithMs).toLocalTime();
}

QString momentText(const QDateTime& local, const QDateTime& now) {
  const QLocale locale;
  if (!local.isValid()) return {};
  const QString time = locale.toString(local.time(), QLocale::ShortFormat);
  if (local.date() == now.date()) return Words::tr("today %1").arg(time);
  return locale.toString(local, QLocale::ShortFormat);
}

QString portsText(const std::vector<ipc::PortRangeStatus>& ports) {
  if (ports.empty()) return Words::tr("all ports");
  QStringList ranges;
  for (const ipc::PortRangeStatus& range : ports) {
    ranges << (range.first == range.last
                   ? QString::number(range.first)
                   : QStringLiteral("%1-%2").arg(range.first).arg(range.last));
  }
  return ranges.join(QStringLiteral(", "));
}

QString spisText(const std::vector<ipc::SpiRangeStatus>& spis) {
  QStringList ranges;
  for (const ipc::SpiRangeStatus& range : spis) {
    ranges << (range.first == range.last ? text(range.first)
                                         : text(range.first) + QLatin1Char('-') + text(range.last));
  }
  return ranges.join(QStringLiteral(", "));
}

QString kindText(const ipc::LeaseStatus& lease) {
  if (!lease.spis.empty()) return Words::tr("IPsec");
  if (lease.listening) return Words::tr("Server");
  if (lease.ports.empty()) return Words::tr("Whole address");
  return Words::tr("Ports");
}

QString holdingText(const ipc::LeaseStatus& lease) {
  if (lease.spis.empty()) return portsText(lease.ports);
  return Words::tr("SPI %1").arg(spisText(lease.spis));
}

QString renewalText(const ipc::RenewalStatus& renewal) {
  if (renewal.what == "failed") {
    return Words::tr("Not renewed: %1").arg(text(renewal.detail));
  }
  const QString life = durationText(renewal.granted_seconds);
  if (renewal.what == "granted") return Words::tr("Granted for %1").arg(life);
  if (renewal.what == "extended") return Words::tr("Renewed for %1").arg(life);
  return text(renewal.what);
}

QString gatewayStateText(const std::string& state) {
  if (state == "disabled") return Words::tr("Off");
  if (state == "discovering") return Words::tr("Being looked for");
  if (state == "unregistered") return Words::tr("Not registered");
  if (state == "connecting") return Words::tr("Connecting");
  if (state == "registering") return Words::tr("Registering");
  if (state == "registered") return Words::tr("Registered");
  if (state == "assigning") return Words::tr("Asking for a lease");
  if (state == "assigned") return Words::tr("Assigned");
  if (state == "stopping") return Words::tr("Giving leases back");
  return text(state);
}

QString methodText(const ipc::GatewayStatus& gateway) {
  const QString method = text(gateway.method).toUpper();
  if (gateway.tunnel.empty()) return method;
  return Words::tr("%1 over %2").arg(method, text(gateway.tunnel).toUpper());
}

QString foundByText(const std::string& foundBy) {
  if (foundBy == "configuration") return Words::tr("Configuration");
  if (foundBy == "dhcp") return QStringLiteral("DHCP");
  if (foundBy == "slp") return QStringLiteral("SLP");
  if (foundBy == "router") return Words::tr("Default router");
  return text(foundBy);
}

}  // namespace rsip::gui
