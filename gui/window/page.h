#pragma once

#include <functional>
#include <string>
#include <vector>

#include <QTimer>
#include <QWidget>

#include "common/ipc/documents.h"
#include "gui/agent/agent_mirror.h"
#include "gui/window/kit.h"
#include "gui/window/notice.h"

class QHBoxLayout;
class QVBoxLayout;

namespace rsip::gui {

/// What all pages have: a title, "Copy as JSON", what to say when the agent is away or nothing may
/// be changed, and life only while somebody looks.
class PageBase : public QWidget {
  Q_OBJECT

 public:
  PageBase(AgentMirror& mirror, const QString& title, QWidget* parent = nullptr);

  /// What the page shows, as rsipctl would print it with --json.
  [[nodiscard]] virtual std::string json() const = 0;
  /// Reads all of it again: F5.
  void reload();

 protected:
  /// The snapshot is another one, or the page was opened.
  virtual void refresh() = 0;
  /// Asks the agent for what is not in the snapshot; called again and again while it is seen.
  virtual void poll() {}
  /// It has something to show while the agent is away.
  [[nodiscard]] virtual bool worksAlone() const { return false; }

  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

  [[nodiscard]] AgentMirror& mirror() const { return mirror_; }
  [[nodiscard]] QVBoxLayout* content() const { return content_; }
  /// Right of the title, for what the whole page is about.
  [[nodiscard]] QHBoxLayout* corner() const { return corner_; }
  [[nodiscard]] Notice& notice() const { return *notice_; }
  void pollEach(int milliseconds);
  /// Text around data for the clipboard.
  [[nodiscard]] std::string document(const ipc::Documents& shown) const;

  /// A button that changes something: it says so when that is not allowed.
  ActionButton* changing(const QString& name, const QString& purpose);
  /// Why that button cannot be pressed now, besides that nothing may be changed; empty: it can.
  void setReason(ActionButton* button, const QString& reason) const;
  /// Asks for a change and says on this page how it went.
  template <class Request>
  void change(ActionButton* button, const Request& request, const QString& done) {
    button->setBusy(true);
    mirror_.ask(request, button, [this, button, done](const auto& answer) {
      button->setBusy(false);
      if (!answer) return notice().say(answer.error());
      notice().say(Notice::Kind::kGood, done);
    });
  }

 private:
  void update();
  void updateAway();
  [[nodiscard]] QString reasonOfAll() const;

  AgentMirror& mirror_;
  QTimer timer_;
  Notice* away_;
  Notice* readOnly_;
  Notice* notice_;
  QWidget* body_;
  QVBoxLayout* content_;
  QHBoxLayout* corner_;
  std::vector<ActionButton*> changing_;
};

}  // namespace rsip::gui
