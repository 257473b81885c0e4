#pragma once

#include <QFrame>

#include "common/base/result.h"

class QBoxLayout;
class QLabel;
class QPushButton;

namespace rsip::gui {

/// A line on a page that says how something went, instead of a window in the way. The sign in
/// front tells its kind without colour.
class Notice : public QFrame {
  Q_OBJECT

 public:
  enum class Kind { kInfo, kGood, kWarning, kError };

  explicit Notice(QWidget* parent = nullptr);

  void say(Kind kind, const QString& words, const QString& hint = {});
  void say(const Error& error);
  /// Takes it away, with its buttons.
  void clear();
  /// A button of this message; gone with the next one.
  QPushButton* addButton(const QString& name);
  /// Without: it goes when its cause goes.
  void setClosable(bool closable);
  [[nodiscard]] QString words() const;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void removeButtons();

  Kind kind_ = Kind::kInfo;
  QLabel* sign_;
  QLabel* words_;
  QPushButton* close_;
  QBoxLayout* buttons_;
};

}  // namespace rsip::gui
