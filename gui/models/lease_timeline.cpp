#include "gui/models/lease_timeline.h"

#include <algorithm>

#include <QCoreApplication>

#include "gui/models/words.h"

namespace rsip::gui {
namespace {

class Words {
  Q_DECLARE_TR_FUNCTIONS(LeaseTimeline)
};

/// Less sleep than that is the two clocks' noise.
constexpr std::int64_t kSleepMilliseconds = 1000;
/// A snapshot's countdown is in whole seconds: an end that moves less than that stands still.
constexpr std::int64_t kJitterMilliseconds = 1500;

LeaseTimeline::Mark markOf(const std::string& what) {
  if (what == "granted") return LeaseTimeline::Mark::kGranted;
  if (what == "extended") return LeaseTimeline::Mark::kExtended;
  return LeaseTimeline::Mark::kFailed;
}

std::vector<LeaseTimeline::Marker> markersOf(const ipc::LeaseStatus& lease) {
  std::vector<LeaseTimeline::Marker> markers;
  for (const ipc::RenewalStatus& renewal : lease.history) {
    const QDateTime time = timeOf(renewal.time);
    if (!time.isValid()) continue;
    markers.push_back({time.toMSecsSinceEpoch(), markOf(renewal.what), renewalText(renewal)});
  }
  return markers;
}

void settle(std::int64_t& value, std::int64_t fresh) {
  if (std::abs(value - fresh) > kJitterMilliseconds) value = fresh;
}

}  // namespace

QString markText(LeaseTimeline::Mark mark) {
  switch (mark) {
    case LeaseTimeline::Mark::kGranted:
      return Words::tr("Granted");
    case LeaseTimeline::Mark::kExtended:
      return Words::tr("Renewed");
    case LeaseTimeline::Mark::kFailed:
      return Words::tr("Not renewed");
    case LeaseTimeline::Mark::kLost:
      return Words::tr("Lost");
    case LeaseTimeline::Mark::kEnded:
      return Words::tr("Ended");
  }
  return {};
}

void LeaseTimeline::update(const ipc::Status& status, const SecondsLeft& secondsLeft,
                           std::int64_t now) {
  std::vector<bool> there(bars_.size(), false);
  for (const ipc::GatewayStatus& gateway : status.gateways) {
    for (const ipc::LeaseStatus& lease : gateway.leases) {
      Bar* bar = find(gateway.name, lease.bind);
      if (bar == nullptr) {
        bars_.push_back({.gateway = gateway.name, .bind = lease.bind});
        there.push_back(true);
        bar = &bars_.back();
      }
      there[std::size_t(bar - bars_.data())] = true;
      const std::int64_t left = secondsLeft(gateway.name, lease.expires_in_seconds);
      const std::int64_t renews = secondsLeft(gateway.name, lease.renews_in_seconds);
      settle(bar->to, now + left * 1000);
      bar->name = Words::tr("%1, lease %2").arg(text(gateway.name)).arg(lease.bind);
      bar->markers = markersOf(lease);
      if (bar->from == 0) bar->from = bar->markers.empty() ? now : bar->markers.front().at;
      bar->renewsAt.reset();
      if (renews > 0 && renews < left) bar->renewsAt = now + renews * 1000;
      bar->lastTry = bar->to - std::int64_t(lease.granted_seconds) * 125;
    }
  }
  for (std::size_t i = 0; i < bars_.size(); ++i) {
    if (!there[i] && !bars_[i].gone) end(bars_[i], Mark::kEnded, now);
  }
  forget(now);
}

void LeaseTimeline::happened(const ipc::Happening& what, std::int64_t now) {
  if (!what.bind || what.kind != "lease_lost") return;
  Bar* const bar = find(what.gateway, *what.bind);
  if (bar == nullptr) {
    const auto gone = std::ranges::find_if(bars_, [&](const Bar& candidate) {
      return candidate.gateway == what.gateway && candidate.bind == *what.bind;
    });
    if (gone != bars_.end() && !gone->markers.empty()) gone->markers.back().mark = Mark::kLost;
    return;
  }
  end(*bar, Mark::kLost, now);
}

void LeaseTimeline::observeClocks(std::int64_t boottime, std::int64_t monotonic, std::int64_t now) {
  const std::int64_t slept = boottime - monotonic;
  if (slept_ && slept - *slept_ >= kSleepMilliseconds) {
    suspended_.push_back({now - (slept - *slept_), now});
  }
  slept_ = slept;
}

LeaseTimeline::Band LeaseTimeline::span(std::int64_t now) const {
  Band span{now - kPastMilliseconds, now + kPastMilliseconds / 6};
  for (const Bar& bar : bars_) span.to = std::max(span.to, bar.to);
  span.to = std::min(span.to, now + 24 * kPastMilliseconds);
  return span;
}

QString LeaseTimeline::words(const Bar& bar, std::int64_t now) {
  const auto renewed = std::ranges::count(bar.markers, Mark::kExtended, &Marker::mark);
  const auto failed = std::ranges::count(bar.markers, Mark::kFailed, &Marker::mark);
  const QString history =
      failed == 0 ? Words::tr("renewed %n time(s)", nullptr, int(renewed))
                  : Words::tr("renewed %1 times, %2 times not").arg(renewed).arg(failed);
  if (bar.gone) {
    return Words::tr("%1: gone since %2, %3")
        .arg(bar.name, durationText(std::uint64_t(std::max<std::int64_t>(0, now - bar.to)) / 1000),
             history);
  }
  return Words::tr("%1: ends in %2, %3")
      .arg(bar.name, durationText(std::uint64_t(std::max<std::int64_t>(0, bar.to - now)) / 1000),
           history);
}

LeaseTimeline::Bar* LeaseTimeline::find(const std::string& gateway, std::uint32_t bind) {
  const auto found = std::ranges::find_if(bars_, [&](const Bar& bar) {
    return !bar.gone && bar.gateway == gateway && bar.bind == bind;
  });
  return found == bars_.end() ? nullptr : &*found;
}

void LeaseTimeline::end(Bar& bar, Mark mark, std::int64_t now) {
  bar.gone = true;
  bar.to = std::min(bar.to, now);
  bar.renewsAt.reset();
  bar.lastTry.reset();
  bar.markers.push_back({bar.to, mark, markText(mark)});
}

void LeaseTimeline::forget(std::int64_t now) {
  std::erase_if(bars_,
                [&](const Bar& bar) { return bar.gone && bar.to < now - kPastMilliseconds; });
  std::erase_if(suspended_, [&](const Band& band) { return band.to < now - kPastMilliseconds; });
}

}  // namespace rsip::gui
