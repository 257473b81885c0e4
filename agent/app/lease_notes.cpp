#include "agent/app/lease_notes.h"

#include <chrono>
#include <utility>

namespace rsip::agent {
namespace {

std::uint32_t granted_seconds(const Lease& lease) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::seconds>(lease.granted).count());
}

}  // namespace

void LeaseNotes::granted(const Lease& lease, const std::string& time) {
  Note& note = notes_[lease.bind.value] = Note{};
  remember(note, {time, "granted", granted_seconds(lease), ""});
}

void LeaseNotes::extended(const Lease& lease, const std::string& time) {
  Note& note = notes_[lease.bind.value];
  note.failed = false;
  remember(note, {time, "extended", granted_seconds(lease), ""});
}

// Near its end a lease is asked for again every few seconds: the same answer is no news.
bool LeaseNotes::failed(BindId bind, const Error& why, const std::string& time) {
  Note& note = notes_[bind.value];
  const bool first = !std::exchange(note.failed, true);
  if (first || note.history.empty() || note.history.back().detail != why.message) {
    remember(note, {time, "failed", 0, why.message});
  }
  return first;
}

void LeaseNotes::remember(Note& note, ipc::RenewalStatus renewal) {
  note.history.push_back(std::move(renewal));
  if (note.history.size() > kMostRemembered) note.history.pop_front();
}

const LeaseNotes::Note* LeaseNotes::find(BindId bind) const {
  const auto found = notes_.find(bind.value);
  return found != notes_.end() ? &found->second : nullptr;
}

bool LeaseNotes::is_held(BindId bind) const {
  const Note* const note = find(bind);
  return note != nullptr && note->held;
}

bool LeaseNotes::has_failed(BindId bind) const {
  const Note* const note = find(bind);
  return note != nullptr && note->failed;
}

std::vector<ipc::RenewalStatus> LeaseNotes::history(BindId bind) const {
  const Note* const note = find(bind);
  if (note == nullptr) return {};
  return {note->history.begin(), note->history.end()};
}

}  // namespace rsip::agent
