#include <QAbstractButton>
#include <QApplication>
#include <QScrollArea>
#include <QTranslator>

#include "gui/style/appearance.h"
#include "tests/unit/gui/window/stage.h"

namespace rsip::gui {
namespace {

/// Every text half as long again, as in the language that is longest.
class Longer : public QTranslator {
 public:
  [[nodiscard]] bool isEmpty() const override { return false; }
  [[nodiscard]] QString translate(const char*, const char* source, const char*,
                                  int) const override {
    const QString text = QString::fromUtf8(source);
    return QLatin1Char('[') + text + QString(text.size() / 2, QLatin1Char('~')) + QLatin1Char(']');
  }
};

struct Look {
  const char* name;
  double fontScale;
  bool dark;
  bool longer;
};

struct Looks : Stage, testing::WithParamInterface<Look> {
  QFont font = QApplication::font();
  QPalette palette = QApplication::palette();
  Longer longer;

  void SetUp() override {
    Stage::SetUp();
    QFont larger = font;
    larger.setPointSizeF(font.pointSizeF() * GetParam().fontScale);
    QApplication::setFont(larger);
    if (GetParam().dark) QApplication::setPalette(darkPalette());
    if (GetParam().longer) QCoreApplication::installTranslator(&longer);
  }
  void TearDown() override {
    window.reset();
    QCoreApplication::removeTranslator(&longer);
    QApplication::setFont(font);
    QApplication::setPalette(palette);
  }
};

int colors(const QImage& image) {
  QSet<QRgb> seen;
  for (int y = 0; y < image.height(); y += 2) {
    for (int x = 0; x < image.width(); x += 2) seen.insert(image.pixel(x, y));
  }
  return int(seen.size());
}

/// Widgets that are smaller than their text needs.
QStringList clipped(const QWidget& page) {
  QStringList names;
  for (const QAbstractButton* const button : page.findChildren<QAbstractButton*>()) {
    if (!button->isVisibleTo(&page) || button->text().isEmpty()) continue;
    if (button->width() < button->sizeHint().width()) names << button->text();
  }
  for (const QLabel* const label : page.findChildren<QLabel*>()) {
    if (!label->isVisibleTo(&page) || label->text().isEmpty()) continue;
    const int needed =
        label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
    if (label->height() < needed) names << label->text();
    if (!label->wordWrap() && label->width() < label->sizeHint().width()) names << label->text();
  }
  return names;
}

TEST_P(Looks, EveryPageShowsSomethingAndCutsNothing) {
  open(Page::kOverview);
  for (const Page page : kPages) {
    window->showPage(page);
    settle();
    PageBase& shown = window->page(page);
    EXPECT_GT(colors(shown.grab().toImage()), 12) << int(page);
    EXPECT_THAT(clipped(shown).join(" | ").toStdString(), testing::IsEmpty()) << int(page);
  }
}

TEST_P(Looks, EveryControlHasANameForScreenReaders) {
  open(Page::kOverview);
  for (const Page page : kPages) {
    window->showPage(page);
    settle();
    for (const QWidget* const widget : window->page(page).findChildren<QWidget*>()) {
      if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(window.get())) continue;
      const auto* const button = qobject_cast<const QAbstractButton*>(widget);
      const bool named = !widget->accessibleName().isEmpty() ||
                         (button != nullptr && !button->text().isEmpty()) ||
                         widget->objectName().startsWith("qt_") ||
                         qobject_cast<const QLabel*>(widget) != nullptr ||
                         (widget->parentWidget() != nullptr &&
                          !widget->parentWidget()->accessibleName().isEmpty());
      EXPECT_TRUE(named) << widget->metaObject()->className() << " of page " << int(page);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Window, Looks,
    testing::Values(Look{"Plain", 1, false, false}, Look{"Dark", 1, true, false},
                    Look{"TwiceAsLarge", 2, false, false}, Look{"LargeAndDark", 2, true, false},
                    Look{"LongTexts", 1, false, true}, Look{"LargeLongTexts", 2, false, true}),
    [](const auto& which) { return which.param.name; });

}  // namespace
}  // namespace rsip::gui
