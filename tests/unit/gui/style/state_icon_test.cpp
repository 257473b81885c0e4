#include "gui/style/state_icon.h"

#include <cmath>

#include <gtest/gtest.h>

namespace rsip::gui {
namespace {

constexpr int kTraySizes[] = {16, 22, 32};

/// How many pixels a person would call another: covered in one and not in the other.
int pixelsThatDiffer(const QImage& one, const QImage& other) {
  int count = 0;
  for (int y = 0; y < one.height(); ++y) {
    for (int x = 0; x < one.width(); ++x) {
      count += std::abs(qAlpha(one.pixel(x, y)) - qAlpha(other.pixel(x, y))) > 127 ? 1 : 0;
    }
  }
  return count;
}

double luminance(const QColor& color) {
  const auto linear = [](double part) {
    return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) +
         0.0722 * linear(color.blueF());
}

/// As WCAG 2 counts it: 1 to 21.
double contrast(const QColor& one, const QColor& other) {
  const auto [dark, light] = std::minmax(luminance(one), luminance(other));
  return (light + 0.05) / (dark + 0.05);
}

TEST(StateIconTest, EachMoodHasAShapeOfItsOwn) {
  for (const int size : kTraySizes) {
    for (const ipc::Mood one : ipc::kMoods) {
      for (const ipc::Mood other : ipc::kMoods) {
        if (one >= other) continue;
        const int differ =
            pixelsThatDiffer(stateImage(one, Qt::black, size), stateImage(other, Qt::black, size));
        EXPECT_GE(differ, size * size / 64)
            << to_string(one) << " and " << to_string(other) << " at " << size;
      }
    }
  }
}

TEST(StateIconTest, ShapesStayInsideTheirPicture) {
  for (const ipc::Mood mood : ipc::kMoods) {
    const QImage image = stateImage(mood, Qt::black, 22);
    EXPECT_EQ(image.size(), QSize(22, 22));
    for (int at = 0; at < 22; ++at) {
      EXPECT_EQ(qAlpha(image.pixel(at, 0)), 0) << to_string(mood);
      EXPECT_EQ(qAlpha(image.pixel(0, at)), 0) << to_string(mood);
    }
  }
}

TEST(StateIconTest, ColoursStandOutFromTheirGround) {
  const QColor darkPanel(0x24, 0x24, 0x24);
  const QColor lightPanel(0xf0, 0xf0, 0xf0);
  for (const ipc::Mood mood : ipc::kMoods) {
    EXPECT_GE(contrast(stateColor(mood, true), darkPanel), 4.0) << to_string(mood);
    EXPECT_GE(contrast(stateColor(mood, false), lightPanel), 4.0) << to_string(mood);
  }
}

TEST(StateIconTest, AttentionIsADotInTheUpperRightCorner) {
  for (const int size : kTraySizes) {
    for (const ipc::Mood mood : ipc::kMoods) {
      const QImage plain = stateImage(mood, Qt::black, size);
      const QImage marked = stateImage(mood, Qt::black, size, true);
      const int dot = static_cast<int>(size * 0.81);
      EXPECT_GT(qRed(marked.pixel(dot, size - 1 - dot)), 150) << to_string(mood) << size;
      const QRect lowerLeft(0, size / 2, size / 2, size - size / 2);
      EXPECT_EQ(marked.copy(lowerLeft), plain.copy(lowerLeft)) << to_string(mood) << size;
    }
  }
}

TEST(StateIconTest, IconsHaveTheSizesOfTrays) {
  const QList<QSize> sizes = stateIcon(ipc::Mood::kAssigned, true).availableSizes();
  for (const int size : kTraySizes) EXPECT_TRUE(sizes.contains(QSize(size, size))) << size;
}

}  // namespace
}  // namespace rsip::gui
