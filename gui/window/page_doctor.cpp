#include "gui/window/page_doctor.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QDir>
#include <QFontDatabase>
#include <QItemSelectionModel>
#include <QSortFilterProxyModel>

#include "gui/models/words.h"

namespace rsip::gui {

PageDoctor::PageDoctor(AgentMirror& mirror, const QString& rsipctl, QWidget* parent)
    : PageBase(mirror, tr("Doctor"), parent),
      doctor_(rsipctl),
      reporter_(rsipctl),
      again_(new ActionButton(tr("Look again"))),
      reportButton_(new ActionButton(tr("Bug report\u2026"))),
      summary_(large(1.0, true)),
      list_(new Card),
      empty_(emptyText(tr("Nothing has been looked at yet."))) {
  again_->setPurpose(tr("Runs rsipctl doctor"));
  reportButton_->setPurpose(
      tr("Writes a file with what is needed to find a bug, for you to read "
         "before you send it; nothing is sent"));
  corner()->addWidget(again_);
  corner()->addWidget(reportButton_);
  table_ = makeTable(&model_, DoctorModel::kWhat, tr("What was looked at"), this);
  table_.view->setMinimumHeight(fontMetrics().height() * 10);
  list_->body()->addWidget(summary_);
  list_->body()->addWidget(table_.view, 1);
  content()->addWidget(empty_);
  content()->addWidget(list_, 1);
  content()->addWidget(makeDetail());
  list_->hide();
  detail_->hide();
  connect(again_, &QPushButton::clicked, this, &PageDoctor::poll);
  connect(reportButton_, &QPushButton::clicked, this, &PageDoctor::report);
  connect(table_.view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &PageDoctor::showDetail);
}

QWidget* PageDoctor::makeDetail() {
  detail_ = new Card;
  what_ = wrapped();
  fix_ = wrapped();
  fix_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  fix_->setAccessibleName(tr("What to do"));
  copy_ = new QPushButton(tr("Copy"));
  copy_->setAccessibleName(tr("Copy what to do"));
  connect(copy_, &QPushButton::clicked, this, [this] { copyFrom(copy_, fix_->text()); });
  auto* const row = new QHBoxLayout;
  row->addWidget(fix_, 1);
  row->addWidget(copy_, 0, Qt::AlignTop);
  detail_->body()->addWidget(what_);
  detail_->body()->addLayout(row);
  return detail_;
}

std::string PageDoctor::json() const {
  return document(report_);
}

void PageDoctor::poll() {
  if (doctor_.isRunning()) return;
  again_->setBusy(true);
  empty_->setText(tr("Looking\u2026"));
  doctor_.run({QStringLiteral("doctor"), QStringLiteral("--json")},
              [this](const Rsipctl::Outcome& outcome) { take(outcome); });
}

void PageDoctor::take(const Rsipctl::Outcome& outcome) {
  again_->setBusy(false);
  if (!outcome.started || outcome.output.isEmpty()) return complain(outcome);
  const Result<ipc::DoctorReport> report = ipc::parse_doctor_document(
      std::string_view(outcome.output.constData(), std::size_t(outcome.output.size())));
  if (!report) return notice().say(report.error());
  notice().clear();
  show(*report);
}

void PageDoctor::complain(const Rsipctl::Outcome& outcome) {
  empty_->setText(tr("Nothing has been looked at."));
  if (!outcome.started) {
    return notice().say(Notice::Kind::kError, tr("The program rsipctl is not there."),
                        tr("Install the package rsip-agent: this page shows what rsipctl doctor "
                           "finds."));
  }
  notice().say(Notice::Kind::kError, tr("rsipctl ended with code %1.").arg(outcome.exitCode),
               QString::fromUtf8(outcome.errors).trimmed());
}

void PageDoctor::show(const ipc::DoctorReport& report) {
  report_ = report;
  model_.setReport(report);
  summary_->setText(model_.summary());
  empty_->setVisible(report.checks.empty());
  list_->setVisible(!report.checks.empty());
  if (table_.proxy->rowCount() > 0 && !table_.view->selectionModel()->hasSelection()) {
    table_.view->selectRow(0);
  }
  showDetail();
}

const DoctorRow* PageDoctor::selected() const {
  const QModelIndexList rows = table_.view->selectionModel()->selectedRows();
  if (rows.isEmpty()) return nullptr;
  return model_.rowAt(table_.proxy->mapToSource(rows.first()).row());
}

void PageDoctor::showDetail() {
  const DoctorRow* const row = selected();
  detail_->setVisible(row != nullptr);
  if (row == nullptr) return;
  const ipc::DoctorCheck& check = row->check;
  what_->setText(check.why.empty() ? text(check.what)
                                   : tr("%1: %2").arg(text(check.what), text(check.why)));
  fix_->setText(text(check.fix));
  fix_->setVisible(!check.fix.empty());
  copy_->setVisible(!check.fix.empty());
}

void PageDoctor::report() {
  const QString file = QDir::home().filePath(
      QStringLiteral("rsip-bugreport-%1.tar.zst")
          .arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss"))));
  reportButton_->setBusy(true);
  reporter_.run({QStringLiteral("bugreport"), QStringLiteral("-o"), file},
                [this, file](const Rsipctl::Outcome& outcome) {
                  reportButton_->setBusy(false);
                  if (!outcome.started || outcome.exitCode != 0) return complain(outcome);
                  notice().say(Notice::Kind::kGood,
                               tr("Written to %1. Nothing was sent.").arg(file),
                               tr("Read it before you send it: addresses and names may be in it."));
                });
}

}  // namespace rsip::gui
