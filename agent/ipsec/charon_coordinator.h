#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "agent/ipsec/charon.h"
#include "agent/ipsec/connections.h"
#include "agent/ipsec/coordinator.h"
#include "agent/ipsec/sa_reports.h"
#include "agent/ipsec/spi_pool.h"
#include "agent/ipsec/spi_waits.h"
#include "agent/ipsec/steering.h"

namespace rsip::agent {

/// What is in use is read from the kernel in look(), and everything follows from that: what charon
/// is told, what is asked for, given back and terminated.
class CharonCoordinator : public Coordinator {
 public:
  CharonCoordinator(boost::asio::io_context& io, CoordinatorSettings settings, KernelSas& kernel,
                    std::function<TimePoint()> now, CoordinatorEvents events);
  ~CharonCoordinator() override { kernel_.stop(); }
  CharonCoordinator(const CharonCoordinator&) = delete;
  CharonCoordinator& operator=(const CharonCoordinator&) = delete;

  void start() override;
  void use(std::vector<SpiLease> leases) override;
  void refused(std::optional<std::uint32_t> exactly, const Error& error) override;
  void ike_held(std::uint64_t hold, Ipv4Address local, Ipv4Address remote) override;
  void stop(std::function<void()> stopped) override;
  [[nodiscard]] IpsecReport report() const override;

 private:
  /// Reads the kernel, and does what follows from it.
  void look();
  /// Lets charon list its associations, too, after it has been told what to use next.
  void look_soon();
  void read_kernel();
  void observe();
  void steer();
  void ask_for_missing();
  void give_back();
  void terminate_lost();
  /// Asks for the SPIs of associations that are in place and not leased: of an earlier life of the
  /// agent, which was killed.
  void adopt();
  void charon_listed();
  void charon_gone();
  void release(const std::vector<std::uint64_t>& holds, bool send);
  void tell_changed();
  void tick();

  void mark_lost(const std::vector<SpiLease>& before);
  void note_exact();
  void fill_pool();
  [[nodiscard]] std::set<std::uint32_t> unleased_for(Ipv4Address local, Ipv4Address remote) const;
  [[nodiscard]] std::vector<BindId> unused_exact() const;
  [[nodiscard]] std::optional<SpiRange> spis_to_tell() const;
  [[nodiscard]] std::optional<std::uint16_t> ike_port() const;
  [[nodiscard]] IkeEnd ike_end() const;
  [[nodiscard]] std::set<Ipv4Address> addresses() const;
  [[nodiscard]] SaFacts facts() const;
  [[nodiscard]] CharonState charon_state() const;
  [[nodiscard]] std::optional<Error> problem() const;
  [[nodiscard]] bool in_user_space() const { return !user_space_.empty(); }

  void limit_stop();
  void stop_after_list();
  void finish();

  boost::asio::io_context& io_;
  const CoordinatorSettings settings_;
  KernelSas& kernel_;
  const std::function<TimePoint()> now_;
  const CoordinatorEvents events_;
  boost::asio::steady_timer tick_;
  boost::asio::steady_timer stop_timer_;
  boost::asio::steady_timer stop_poll_;
  Charon charon_;
  Steering steering_;
  Connections connections_;
  SpiPool pool_;
  SpiWaits waits_;

  std::vector<SpiLease> leases_;
  std::vector<KernelSa> sas_;
  /// Of charon's associations that the kernel does not know (kernel-libipsec).
  std::set<std::uint32_t> user_space_;
  std::set<std::uint32_t> asked_exactly_;
  std::set<std::uint32_t> exact_;      ///< Of leases that were asked for exactly.
  std::set<std::uint32_t> lost_;       ///< In use when their lease ended.
  std::set<std::uint32_t> refused_;    ///< Could not be leased, and are in use.
  std::set<std::uint32_t> undecided_;  ///< Those of them that the gateway has said nothing about.
  std::set<std::uint32_t> older_;      ///< Taken before charon was told any.
  std::vector<BindId> retiring_;
  std::set<BindId> returned_;
  TimePoint ask_after_{};        ///< For more: an answer is awaited until then, or was no.
  Duration ask_pause_;           ///< After the next no.
  TimePoint decide_after_{};     ///< What is undecided, once more.
  TimePoint terminate_after_{};  ///< What was lost, once more and by force.
  std::optional<Error> kernel_problem_;
  std::optional<Error> watch_problem_;
  std::optional<Error> refusal_;
  std::optional<IpsecReport> last_;
  std::function<void()> stopped_;
  bool stopping_ = false;
  bool terminated_ = false;
  bool removing_ = false;
  bool finished_ = false;
  bool look_queued_ = false;
  bool ticking_ = false;
  /// Handlers of timers and posts that come after destruction find it gone.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace rsip::agent
