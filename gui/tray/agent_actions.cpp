#include "gui/tray/agent_actions.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QUrl>

namespace rsip::gui {
namespace {

/// A portal shows itself in place of any page that is not encrypted; this one is made for that.
const QString kAnyPage = QStringLiteral("http://detectportal.firefox.com/");

QString wordsOf(const Error& error) {
  const QString message = QString::fromStdString(error.message);
  const QString hint = QString::fromStdString(error.hint);
  return hint.isEmpty() ? message : message + QLatin1Char('\n') + hint;
}

}  // namespace

AgentActions::AgentActions(AgentMirror& agent, QObject* parent) : QObject(parent), agent_(agent) {}

template <class Request>
void AgentActions::ask(const Request& request, const QString& title) {
  agent_.ask(request, this, [this, title](const Result<typename Request::Reply>& answer) {
    if (!answer) emit failed(title, wordsOf(answer.error()));
  });
}

void AgentActions::turnOn(const QString& gateway) {
  ask(ipc::UpRequest{gateway.toStdString()}, tr("Not turned on"));
}

void AgentActions::turnOff(const QString& gateway) {
  ask(ipc::DownRequest{gateway.toStdString()}, tr("Not turned off"));
}

void AgentActions::renewAll() {
  ask(ipc::RenewRequest{}, tr("Leases not renewed"));
}

void AgentActions::useProfile(const QString& name) {
  ask(ipc::ProfileUseRequest{name.toStdString()}, tr("Profile not changed"));
}

void AgentActions::openSignIn() {
  const QUrl portal(QString::fromStdString(agent_.status().network.portal));
  // What a network claims to be its page decides no more than which web page is opened.
  const bool isWeb =
      portal.scheme() == QLatin1String("http") || portal.scheme() == QLatin1String("https");
  const QUrl page = isWeb ? portal : QUrl(kAnyPage);
  if (!QDesktopServices::openUrl(page)) {
    emit failed(tr("No web browser was found"), tr("Open this page: %1").arg(page.toString()));
  }
}

void AgentActions::copyAddress() {
  const std::string address = agent_.summary().address;
  if (!address.empty()) QGuiApplication::clipboard()->setText(QString::fromStdString(address));
}

}  // namespace rsip::gui
