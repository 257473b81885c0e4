<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>rsip::gui::ActionButton</name>
    <message>
        <source>Waiting…</source>
        <translation>Warte …</translation>
    </message>
</context>
<context>
    <name>rsip::gui::AgentActions</name>
    <message>
        <source>Not turned on</source>
        <translation>Nicht eingeschaltet</translation>
    </message>
    <message>
        <source>Not turned off</source>
        <translation>Nicht ausgeschaltet</translation>
    </message>
    <message>
        <source>Leases not renewed</source>
        <translation>Leases nicht erneuert</translation>
    </message>
    <message>
        <source>Profile not changed</source>
        <translation>Profil nicht gewechselt</translation>
    </message>
    <message>
        <source>No web browser was found</source>
        <translation>Es wurde kein Webbrowser gefunden</translation>
    </message>
    <message>
        <source>Open this page: %1</source>
        <translation>Diese Seite öffnen: %1</translation>
    </message>
</context>
<context>
    <name>rsip::gui::Assistant</name>
    <message>
        <source>%1, configured: %2</source>
        <translation>%1, eingestellt: %2</translation>
    </message>
    <message>
        <source>Set up RSIP</source>
        <translation>RSIP einrichten</translation>
    </message>
    <message>
        <source>Which gateway?</source>
        <translation>Welches Gateway?</translation>
    </message>
    <message>
        <source>A gateway leases a public address, or ports of one, to this computer. These are configured, or were found on this network.</source>
        <translation>Ein Gateway vermietet diesem Rechner eine öffentliche Adresse oder Ports einer solchen. Diese sind eingestellt oder wurden in diesem Netz gefunden.</translation>
    </message>
    <message>
        <source>Gateways</source>
        <translation>Gateways</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>What it offers</source>
        <translation>Was es anbietet</translation>
    </message>
    <message>
        <source>Lines for the agent&apos;s configuration</source>
        <translation>Zeilen für die Konfiguration des Agenten</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the lines for the agent&apos;s configuration</source>
        <translation>Die Zeilen für die Konfiguration des Agenten kopieren</translation>
    </message>
    <message>
        <source>Does it work?</source>
        <translation>Funktioniert es?</translation>
    </message>
    <message>
        <source>Start this program at login</source>
        <translation>Dieses Programm bei der Anmeldung starten</translation>
    </message>
    <message>
        <source>The agent itself runs without this program, from the start of the computer on.</source>
        <translation>Der Agent selbst läuft auch ohne dieses Programm, vom Start des Rechners an.</translation>
    </message>
    <message>
        <source>Asking DHCP, SLP and the default router…</source>
        <translation>DHCP, SLP und der Standardrouter werden gefragt …</translation>
    </message>
    <message>
        <source>No other gateway was found. If you know the address of one, it can be configured all the same.</source>
        <translation>Kein anderes Gateway wurde gefunden. Ist die Adresse eines Gateways bekannt, kann es trotzdem eingestellt werden.</translation>
    </message>
    <message numerus="yes">
        <source>%n more gateway(s) found.</source>
        <translation>
            <numerusform>%n weiteres Gateway gefunden.</numerusform>
            <numerusform>%n weitere Gateways gefunden.</numerusform>
        </translation>
    </message>
    <message>
        <source>It is configured: nothing has to be done.</source>
        <translation>Es ist eingestellt: Es ist nichts zu tun.</translation>
    </message>
    <message>
        <source>No gateway was found. With &quot;auto&quot; the agent looks for one on each network that this computer comes to.</source>
        <translation>Kein Gateway wurde gefunden. Mit „auto“ sucht der Agent in jedem Netz, in das dieser Rechner kommt, nach einem.</translation>
    </message>
    <message>
        <source>What it offers is known once this computer is registered. For that, an administrator puts these lines into /etc/rsip/agent.toml and then runs: %1</source>
        <translation>Was es anbietet, ist bekannt, sobald dieser Rechner registriert ist. Dazu trägt ein Administrator diese Zeilen in /etc/rsip/agent.toml ein und führt dann aus: %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>rsip::gui::DoctorModel</name>
    <message>
        <source>✕ Failed</source>
        <translation>✕ Fehlgeschlagen</translation>
    </message>
    <message>
        <source>! Warning</source>
        <translation>! Warnung</translation>
    </message>
    <message>
        <source>– Not looked at</source>
        <translation>– Nicht geprüft</translation>
    </message>
    <message>
        <source>✓ Fine</source>
        <translation>✓ In Ordnung</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>Gateway</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>Tunnel</source>
        <translation>Tunnel</translation>
    </message>
    <message>
        <source>IPsec</source>
        <translation>IPsec</translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation>Desktop</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>What ought to be</source>
        <translation>Was sein soll</translation>
    </message>
    <message>
        <source>What is</source>
        <translation>Was ist</translation>
    </message>
    <message>
        <source>Failed: %1, warnings: %2, fine: %3, not looked at: %4</source>
        <translation>Fehlgeschlagen: %1, Warnungen: %2, in Ordnung: %3, nicht geprüft: %4</translation>
    </message>
</context>
<context>
    <name>rsip::gui::FlowTableModel</name>
    <message>
        <source>Opening</source>
        <translation>Wird aufgebaut</translation>
    </message>
    <message>
        <source>Established</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Closing</source>
        <translation>Wird beendet</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>Aktiv</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>of user %1</source>
        <translation>von Benutzer %1</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 an %2</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Public side</source>
        <translation>Öffentliche Seite</translation>
    </message>
    <message>
        <source>Remote</source>
        <translation>Gegenstelle</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>Gesendet</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Empfangen</translation>
    </message>
    <message>
        <source>Idle for</source>
        <translation>Untätig seit</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>Gateway</translation>
    </message>
    <message>
        <source>%1, process %2 of %3, begun by %4</source>
        <translation>%1, Prozess %2 von %3, begonnen von %4</translation>
    </message>
    <message>
        <source>the remote</source>
        <translation>der Gegenstelle</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>diesem Rechner</translation>
    </message>
    <message>
        <source>Port %1 of this computer</source>
        <translation>Port %1 dieses Rechners</translation>
    </message>
</context>
<context>
    <name>rsip::gui::GatewayTableModel</name>
    <message>
        <source>%1 of %2 in use</source>
        <translation>%1 von %2 belegt</translation>
    </message>
    <message>
        <source>not found yet</source>
        <translation>noch nicht gefunden</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Known from</source>
        <translation>Bekannt durch</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Leases</source>
        <translation>Leases</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Ports</translation>
    </message>
</context>
<context>
    <name>rsip::gui::LeaseFigures</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the public address</source>
        <translation>Die öffentliche Adresse kopieren</translation>
    </message>
    <message>
        <source>Lease ends in</source>
        <translation>Lease endet in</translation>
    </message>
    <message>
        <source>Public address</source>
        <translation>Öffentliche Adresse</translation>
    </message>
    <message>
        <source>all of its ports</source>
        <translation>alle ihre Ports</translation>
    </message>
    <message numerus="yes">
        <source>%n of its port(s)</source>
        <translation>
            <numerusform>%n ihrer Ports</numerusform>
            <numerusform>%n ihrer Ports</numerusform>
        </translation>
    </message>
    <message>
        <source>Lease ends in %1</source>
        <translation>Lease endet in %1</translation>
    </message>
    <message>
        <source>%1, renewed by itself before then</source>
        <translation>%1, wird vorher von selbst erneuert</translation>
    </message>
</context>
<context>
    <name>rsip::gui::LeaseTableModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>Not renewed</source>
        <translation>Nicht erneuert</translation>
    </message>
    <message>
        <source>Going back</source>
        <translation>Wird zurückgegeben</translation>
    </message>
    <message>
        <source>Held</source>
        <translation>Gehalten</translation>
    </message>
    <message>
        <source>Reachable</source>
        <translation>Erreichbar</translation>
    </message>
    <message>
        <source>For IPsec</source>
        <translation>Für IPsec</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Belegt</translation>
    </message>
    <message>
        <source>Idle</source>
        <translation>Untätig</translation>
    </message>
    <message>
        <source>Lease</source>
        <translation>Lease</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Adresse</translation>
    </message>
    <message>
        <source>Ports or SPIs</source>
        <translation>Ports oder SPIs</translation>
    </message>
    <message>
        <source>Only for</source>
        <translation>Nur für</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Ends in</source>
        <translation>Endet in</translation>
    </message>
    <message>
        <source>Last renewal</source>
        <translation>Letzte Erneuerung</translation>
    </message>
    <message>
        <source>anybody</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>Ends %1.
The agent renews it %2 (in %3).</source>
        <translation>Endet %1.
Der Agent erneuert sie %2 (in %3).</translation>
    </message>
    <message>
        <source>%1 #%2</source>
        <translation>%1 #%2</translation>
    </message>
</context>
<context>
    <name>LeaseTimeline</name>
    <message>
        <source>Granted</source>
        <translation>Erteilt</translation>
    </message>
    <message>
        <source>Renewed</source>
        <translation>Erneuert</translation>
    </message>
    <message>
        <source>Not renewed</source>
        <translation>Nicht erneuert</translation>
    </message>
    <message>
        <source>Lost</source>
        <translation>Verloren</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Beendet</translation>
    </message>
</context>
<context>
    <name>rsip::gui::LeaseTimelinePlot</name>
    <message>
        <source>Leases in time</source>
        <translation>Leases im Verlauf</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
</context>
<context>
    <name>rsip::gui::LogModel</name>
    <message>
        <source>Trace</source>
        <translation>Ablauf</translation>
    </message>
    <message>
        <source>Debug</source>
        <translation>Fehlersuche</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Info</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschah</translation>
    </message>
</context>
<context>
    <name>rsip::gui::MainWindow</name>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Leases</source>
        <translation>Leases</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Ports</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Gateways</source>
        <translation>Gateways</translation>
    </message>
    <message>
        <source>IPsec</source>
        <translation>IPsec</translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>RSIP</source>
        <translation>RSIP</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Ctrl+%1</source>
        <translation>Strg+%1</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>%1
Agent %2</source>
        <translation>%1
Agent %2</translation>
    </message>
</context>
<context>
    <name>rsip::gui::Notice</name>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Lease lost</source>
        <translation>Lease verloren</translation>
    </message>
    <message>
        <source>Lease not renewed</source>
        <translation>Lease nicht erneuert</translation>
    </message>
    <message>
        <source>Another public address</source>
        <translation>Andere öffentliche Adresse</translation>
    </message>
    <message>
        <source>The gateway refused</source>
        <translation>Das Gateway hat abgelehnt</translation>
    </message>
    <message>
        <source>The gateway has nothing left</source>
        <translation>Das Gateway hat nichts mehr frei</translation>
    </message>
    <message>
        <source>Lease about to end</source>
        <translation>Lease endet gleich</translation>
    </message>
    <message>
        <source>Sign-in needed</source>
        <translation>Anmeldung nötig</translation>
    </message>
    <message>
        <source>This network wants you to sign in before anything can be leased.</source>
        <translation>Dieses Netz verlangt eine Anmeldung, bevor etwas gemietet werden kann.</translation>
    </message>
    <message>
        <source>The RSIP agent stopped</source>
        <translation>Der RSIP-Agent wurde beendet</translation>
    </message>
    <message>
        <source>Public address leased</source>
        <translation>Öffentliche Adresse gemietet</translation>
    </message>
    <message>
        <source>No public address any more</source>
        <translation>Keine öffentliche Adresse mehr</translation>
    </message>
</context>
<context>
    <name>Overview</name>
    <message>
        <source>This network wants you to sign in first.</source>
        <translation>Dieses Netz verlangt zuerst eine Anmeldung.</translation>
    </message>
    <message>
        <source>Open its sign-in page; the agent goes on by itself after that.</source>
        <translation>Öffnen Sie seine Anmeldeseite; danach macht der Agent von selbst weiter.</translation>
    </message>
    <message>
        <source>There is no network.</source>
        <translation>Es gibt kein Netz.</translation>
    </message>
    <message>
        <source>The agent goes on by itself when there is one.</source>
        <translation>Der Agent macht von selbst weiter, wenn es eines gibt.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1: %2 of at most %3 ports are in use.</source>
        <translation>%1: %2 von höchstens %3 Ports sind belegt.</translation>
    </message>
    <message>
        <source>Close connections, or raise max_ports in the agent&apos;s configuration.</source>
        <translation>Schließen Sie Verbindungen oder erhöhen Sie max_ports in der Konfiguration des Agenten.</translation>
    </message>
    <message>
        <source>No gateway is configured.</source>
        <translation>Es ist kein Gateway eingestellt.</translation>
    </message>
    <message>
        <source>The page Gateways looks for one and shows what to configure.</source>
        <translation>Die Seite „Gateways“ sucht eines und zeigt, was einzustellen ist.</translation>
    </message>
    <message>
        <source>Nothing is wrong.</source>
        <translation>Alles ist in Ordnung.</translation>
    </message>
    <message>
        <source>%1 (%2:%3)</source>
        <translation>%1 (%2:%3)</translation>
    </message>
    <message>
        <source>%1 through %2</source>
        <translation>%1 über %2</translation>
    </message>
    <message>
        <source>%1, packets of up to %2 bytes</source>
        <translation>%1, Pakete bis %2 Byte</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageBase</name>
    <message>
        <source>Copy as JSON</source>
        <translation>Als JSON kopieren</translation>
    </message>
    <message>
        <source>Copies what this page shows, as rsipctl prints it with --json</source>
        <translation>Kopiert, was diese Seite zeigt, so wie rsipctl es mit --json ausgibt</translation>
    </message>
    <message>
        <source>The agent is not running.</source>
        <translation>Der Agent läuft nicht.</translation>
    </message>
    <message>
        <source>You may look, but not change anything.</source>
        <translation>Sie dürfen ansehen, aber nichts ändern.</translation>
    </message>
    <message>
        <source>You may look at everything, but not change it.</source>
        <translation>Sie dürfen alles ansehen, aber nichts ändern.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageDoctor</name>
    <message>
        <source>Doctor</source>
        <translation>Diagnose</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>Bug report…</source>
        <translation>Fehlerbericht …</translation>
    </message>
    <message>
        <source>Nothing has been looked at yet.</source>
        <translation>Noch wurde nichts geprüft.</translation>
    </message>
    <message>
        <source>Runs rsipctl doctor</source>
        <translation>Führt rsipctl doctor aus</translation>
    </message>
    <message>
        <source>Writes a file with what is needed to find a bug, for you to read before you send it; nothing is sent</source>
        <translation>Schreibt eine Datei mit allem, was zur Fehlersuche nötig ist, zum Lesen vor dem Versand; gesendet wird nichts</translation>
    </message>
    <message>
        <source>What was looked at</source>
        <translation>Was geprüft wurde</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy what to do</source>
        <translation>Kopieren, was zu tun ist</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Prüfe …</translation>
    </message>
    <message>
        <source>Nothing has been looked at.</source>
        <translation>Nichts wurde geprüft.</translation>
    </message>
    <message>
        <source>The program rsipctl is not there.</source>
        <translation>Das Programm rsipctl ist nicht da.</translation>
    </message>
    <message>
        <source>Install the package rsip-agent: this page shows what rsipctl doctor finds.</source>
        <translation>Installieren Sie das Paket rsip-agent: Diese Seite zeigt, was rsipctl doctor findet.</translation>
    </message>
    <message>
        <source>rsipctl ended with code %1.</source>
        <translation>rsipctl endete mit Code %1.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Written to %1. Nothing was sent.</source>
        <translation>Nach %1 geschrieben. Gesendet wurde nichts.</translation>
    </message>
    <message>
        <source>Read it before you send it: addresses and names may be in it.</source>
        <translation>Lesen Sie ihn vor dem Versand: Adressen und Namen können darin stehen.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageFlows</name>
    <message>
        <source>Connections</source>
        <translation>Verbindungen</translation>
    </message>
    <message>
        <source>Filter: a program, an address, :port …</source>
        <translation>Filter: ein Programm, eine Adresse, :Port …</translation>
    </message>
    <message>
        <source>Filter of the connections</source>
        <translation>Filter der Verbindungen</translation>
    </message>
    <message>
        <source>You have no connection through a tunnel now.</source>
        <translation>Sie haben gerade keine Verbindung durch einen Tunnel.</translation>
    </message>
    <message>
        <source>Nothing goes through a tunnel now.</source>
        <translation>Gerade geht nichts durch einen Tunnel.</translation>
    </message>
    <message>
        <source>%1 connections</source>
        <translation>%1 Verbindungen</translation>
    </message>
    <message>
        <source>%1 of %2 connections match the filter</source>
        <translation>%1 von %2 Verbindungen passen zum Filter</translation>
    </message>
    <message>
        <source>– and %1 of other users, which you may not see</source>
        <translation>– und %1 anderer Benutzer, die Sie nicht sehen dürfen</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageGateways</name>
    <message>
        <source>by address</source>
        <translation>nach Adresse</translation>
    </message>
    <message>
        <source>by address and port</source>
        <translation>nach Adresse und Port</translation>
    </message>
    <message>
        <source>free</source>
        <translation>frei</translation>
    </message>
    <message>
        <source>Method: %1</source>
        <translation>Verfahren: %1</translation>
    </message>
    <message>
        <source>Reached by %1, %2</source>
        <translation>Erreicht über %1, %2</translation>
    </message>
    <message>
        <source>messages are authenticated</source>
        <translation>Nachrichten sind authentifiziert</translation>
    </message>
    <message>
        <source>messages are not authenticated</source>
        <translation>Nachrichten sind nicht authentifiziert</translation>
    </message>
    <message>
        <source>Flows are told apart %1 here and %2 at the remote</source>
        <translation>Verbindungen werden hier %1 unterschieden und bei der Gegenstelle %2</translation>
    </message>
    <message>
        <source>Tunnel %1 to %2, packets of up to %3 bytes</source>
        <translation>Tunnel %1 zu %2, Pakete bis %3 Byte</translation>
    </message>
    <message>
        <source>IPsec goes through it</source>
        <translation>IPsec läuft hindurch</translation>
    </message>
    <message>
        <source>No IPsec through it</source>
        <translation>Kein IPsec hindurch</translation>
    </message>
    <message>
        <source>Local to it, so reached directly: %1</source>
        <translation>Ihm örtlich, daher direkt erreicht: %1</translation>
    </message>
    <message>
        <source>%1:%2 by %3, found by %4</source>
        <translation>%1:%2 über %3, gefunden durch %4</translation>
    </message>
    <message>
        <source>Gateways</source>
        <translation>Gateways</translation>
    </message>
    <message>
        <source>No gateway is configured. Look for one below, or let the assistant show what to configure.</source>
        <translation>Es ist kein Gateway eingestellt. Suchen Sie unten eines, oder lassen Sie sich vom Assistenten zeigen, was einzustellen ist.</translation>
    </message>
    <message>
        <source>Configured gateways</source>
        <translation>Eingestellte Gateways</translation>
    </message>
    <message>
        <source>Set up…</source>
        <translation>Einrichten …</translation>
    </message>
    <message>
        <source>Opens the assistant</source>
        <translation>Öffnet den Assistenten</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>Ausschalten</translation>
    </message>
    <message>
        <source>Gives back what is leased from the selected gateway</source>
        <translation>Gibt zurück, was vom gewählten Gateway gemietet ist</translation>
    </message>
    <message>
        <source>On this network</source>
        <translation>In diesem Netz</translation>
    </message>
    <message>
        <source>Look for gateways</source>
        <translation>Gateways suchen</translation>
    </message>
    <message>
        <source>Asks DHCP, SLP and the default router</source>
        <translation>Fragt DHCP, SLP und den Standardrouter</translation>
    </message>
    <message>
        <source>Nobody has looked yet.</source>
        <translation>Noch wurde nicht gesucht.</translation>
    </message>
    <message>
        <source>Gateways that were found</source>
        <translation>Gefundene Gateways</translation>
    </message>
    <message>
        <source>Select a gateway first.</source>
        <translation>Wählen Sie zuerst ein Gateway.</translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>%1 is turned on.</source>
        <translation>%1 ist eingeschaltet.</translation>
    </message>
    <message>
        <source>%1 is turned off.</source>
        <translation>%1 ist ausgeschaltet.</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Prüfe …</translation>
    </message>
    <message>
        <source>The search failed.</source>
        <translation>Die Suche ist fehlgeschlagen.</translation>
    </message>
    <message>
        <source>No gateway was found. Ask who runs this network for its address.</source>
        <translation>Kein Gateway wurde gefunden. Fragen Sie den Betreiber dieses Netzes nach seiner Adresse.</translation>
    </message>
    <message numerus="yes">
        <source>%n gateway(s) found, the best first.</source>
        <translation>
            <numerusform>%n Gateway gefunden.</numerusform>
            <numerusform>%n Gateways gefunden, das beste zuerst.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageIpsec</name>
    <message>
        <source>The IKE daemon</source>
        <translation>Der IKE-Dienst</translation>
    </message>
    <message>
        <source>%1 uses only SPIs that are leased.</source>
        <translation>%1 verwendet nur gemietete SPIs.</translation>
    </message>
    <message>
        <source>%1 waits: no SPI is leased.</source>
        <translation>%1 wartet: Es ist kein SPI gemietet.</translation>
    </message>
    <message>
        <source>%1 refuses to talk to the agent at %2.</source>
        <translation>%1 verweigert dem Agenten unter %2 das Gespräch.</translation>
    </message>
    <message>
        <source>%1 does not do what the agent asks.</source>
        <translation>%1 tut nicht, was der Agent verlangt.</translation>
    </message>
    <message>
        <source>No IKE daemon answers at %1.</source>
        <translation>Kein IKE-Dienst antwortet unter %1.</translation>
    </message>
    <message>
        <source>The whole address %1 is leased: every SPI is this computer&apos;s own.</source>
        <translation>Die ganze Adresse %1 ist gemietet: Jeder SPI gehört diesem Rechner.</translation>
    </message>
    <message>
        <source>Through %1, with SPIs of its own at %2; IKE ports %3.</source>
        <translation>Durch %1, mit eigenen SPIs an %2; IKE-Ports %3.</translation>
    </message>
    <message>
        <source>IPsec</source>
        <translation>IPsec</translation>
    </message>
    <message>
        <source>No gateway is configured for IPsec. Set enabled = true under [gateway.ipsec] in the agent&apos;s configuration, and SPIs are leased for associations of your own through the shared address.</source>
        <translation>Kein Gateway ist für IPsec eingestellt. Mit enabled = true unter [gateway.ipsec] in der Konfiguration des Agenten werden SPIs für eigene Verbindungen über die geteilte Adresse gemietet.</translation>
    </message>
    <message>
        <source>SPIs and associations</source>
        <translation>SPIs und Sicherheitsassoziationen</translation>
    </message>
    <message>
        <source>No gateway is configured for IPsec.</source>
        <translation>Kein Gateway ist für IPsec eingestellt.</translation>
    </message>
    <message>
        <source>%1 cannot receive anything: %2</source>
        <translation>%1 kann nichts empfangen: %2</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageLeases</name>
    <message>
        <source>Leases</source>
        <translation>Leases</translation>
    </message>
    <message>
        <source>Nothing is leased now. A gateway leases an address when it is turned on and registered; the page Gateways shows how far it is.</source>
        <translation>Gerade ist nichts gemietet. Ein Gateway vermietet eine Adresse, wenn es eingeschaltet und dieser Rechner registriert ist; die Seite „Gateways“ zeigt, wie weit es ist.</translation>
    </message>
    <message>
        <source>Past hour, and until the last lease ends</source>
        <translation>Die letzte Stunde, und bis die letzte Lease endet</translation>
    </message>
    <message>
        <source>Square: granted. Disc: renewed. Triangle: not renewed. Cross: ended or lost. Dotted lines: when it is renewed, and the last try. Hatched: this computer slept.</source>
        <translation>Quadrat: erteilt. Scheibe: erneuert. Dreieck: nicht erneuert. Kreuz: beendet oder verloren. Gepunktet: wann sie erneuert wird und der letzte Versuch. Schraffiert: Dieser Rechner schlief.</translation>
    </message>
    <message>
        <source>&amp;Renew</source>
        <translation>&amp;Erneuern</translation>
    </message>
    <message>
        <source>Asks the gateway for a new life of the selected lease</source>
        <translation>Bittet das Gateway um neue Laufzeit für die gewählte Lease</translation>
    </message>
    <message>
        <source>Re&amp;lease</source>
        <translation>&amp;Zurückgeben</translation>
    </message>
    <message>
        <source>Gives the selected lease back</source>
        <translation>Gibt die gewählte Lease zurück</translation>
    </message>
    <message>
        <source>&amp;Hold</source>
        <translation>&amp;Halten</translation>
    </message>
    <message>
        <source>Keeps the selected lease though nothing uses it</source>
        <translation>Behält die gewählte Lease, auch wenn nichts sie braucht</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>Adresse kopieren</translation>
    </message>
    <message>
        <source>Copy the address of the selected lease</source>
        <translation>Die Adresse der gewählten Lease kopieren</translation>
    </message>
    <message>
        <source>Selected lease</source>
        <translation>Gewählte Lease</translation>
    </message>
    <message>
        <source>What happened to the selected lease</source>
        <translation>Was mit der gewählten Lease geschah</translation>
    </message>
    <message>
        <source>No lease is selected.</source>
        <translation>Es ist keine Lease gewählt.</translation>
    </message>
    <message>
        <source>%1 of %2, %3. Asked for %4 at a time.</source>
        <translation>%1 von %2, %3. Je %4 erbeten.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Nothing is known of its past.</source>
        <translation>Über ihre Vergangenheit ist nichts bekannt.</translation>
    </message>
    <message>
        <source>Select a lease first.</source>
        <translation>Wählen Sie zuerst eine Lease.</translation>
    </message>
    <message>
        <source>&amp;Hold no longer</source>
        <translation>Nicht mehr &amp;halten</translation>
    </message>
    <message>
        <source>The gateway was asked for a new life of lease %1.</source>
        <translation>Das Gateway wurde um neue Laufzeit für Lease %1 gebeten.</translation>
    </message>
    <message>
        <source>Lease %1 is kept though nothing uses it.</source>
        <translation>Lease %1 wird behalten, auch wenn nichts sie braucht.</translation>
    </message>
    <message>
        <source>Lease %1 goes back when nothing uses it.</source>
        <translation>Lease %1 geht zurück, wenn nichts sie braucht.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageLog</name>
    <message>
        <source>Trace</source>
        <translation>Ablauf</translation>
    </message>
    <message>
        <source>Debug</source>
        <translation>Fehlersuche</translation>
    </message>
    <message>
        <source>Info</source>
        <translation>Info</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>No line of the log is shown.</source>
        <translation>Keine Zeile des Protokolls wird gezeigt.</translation>
    </message>
    <message>
        <source>Show lines from this level on</source>
        <translation>Zeilen ab dieser Stufe zeigen</translation>
    </message>
    <message>
        <source>Level that the agent logs from</source>
        <translation>Stufe, ab der der Agent protokolliert</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filter of the log</source>
        <translation>Filter des Protokolls</translation>
    </message>
    <message>
        <source>Log for 10 minutes</source>
        <translation>Für 10 Minuten protokollieren</translation>
    </message>
    <message>
        <source>The agent logs from this level on for 10 minutes, then as configured again</source>
        <translation>Der Agent protokolliert 10 Minuten lang ab dieser Stufe, dann wieder wie eingestellt</translation>
    </message>
    <message>
        <source>The agent logs from %1 on for 10 minutes.</source>
        <translation>Der Agent protokolliert 10 Minuten lang ab %1.</translation>
    </message>
    <message>
        <source>The log may name what others do: only who may change something reads it. %1</source>
        <translation>Das Protokoll kann nennen, was andere tun: Nur wer etwas ändern darf, liest es. %1</translation>
    </message>
    <message>
        <source>No line of the log fits.</source>
        <translation>Keine Zeile des Protokolls passt.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageOverview</name>
    <message>
        <source>Overview</source>
        <translation>Übersicht</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Befinden</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>Ausschalten</translation>
    </message>
    <message>
        <source>Gives back what is leased and stays away until turned on</source>
        <translation>Gibt zurück, was gemietet ist, und bleibt fern, bis wieder eingeschaltet wird</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 Minute</translation>
    </message>
    <message>
        <source>10 minutes</source>
        <translation>10 Minuten</translation>
    </message>
    <message>
        <source>How much of the throughput is shown</source>
        <translation>Wie viel des Durchsatzes gezeigt wird</translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation>Durchsatz</translation>
    </message>
    <message>
        <source>%1 up, %2 down</source>
        <translation>%1 hinaus, %2 herein</translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation>Befehl kopieren</translation>
    </message>
    <message>
        <source>Turned on.</source>
        <translation>Eingeschaltet.</translation>
    </message>
    <message>
        <source>Turned off.</source>
        <translation>Ausgeschaltet.</translation>
    </message>
    <message>
        <source>The gateway was asked for a lease.</source>
        <translation>Das Gateway wurde um eine Lease gebeten.</translation>
    </message>
    <message>
        <source>The gateway was asked for a new life of all leases.</source>
        <translation>Das Gateway wurde um neue Laufzeit für alle Leases gebeten.</translation>
    </message>
    <message>
        <source>Turned off: what was leased goes back.</source>
        <translation>Ausgeschaltet: Was gemietet war, geht zurück.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PagePorts</name>
    <message>
        <source>Ports</source>
        <translation>Ports</translation>
    </message>
    <message>
        <source>Gateway whose ports are shown</source>
        <translation>Gateway, dessen Ports gezeigt werden</translation>
    </message>
    <message>
        <source>No gateway is configured, so no port is leased.</source>
        <translation>Kein Gateway ist eingestellt, also ist kein Port gemietet.</translation>
    </message>
    <message>
        <source>No port is leased from %1 now.</source>
        <translation>Von %1 ist gerade kein Port gemietet.</translation>
    </message>
    <message>
        <source>All ports of %1</source>
        <translation>Alle Ports von %1</translation>
    </message>
    <message>
        <source>The whole address is leased (RSA-IP): only the ports that are used now are shown.</source>
        <translation>Die ganze Adresse ist gemietet (RSA-IP): Nur gerade benutzte Ports werden gezeigt.</translation>
    </message>
    <message>
        <source>%1, at most %2 at a time since the agent started. A port rests for a while after its last connection, so that late packets do not reach a new one.</source>
        <translation>%1, höchstens %2 zugleich, seit der Agent läuft. Ein Port ruht nach seiner letzten Verbindung eine Weile, damit späte Pakete keine neue erreichen.</translation>
    </message>
    <message>
        <source>Point at a cell to see what it is; click it to see its connections. The arrow keys and Enter do the same.</source>
        <translation>Zeigen Sie auf ein Feld, um zu sehen, was es ist; ein Klick zeigt seine Verbindungen. Pfeiltasten und Eingabe tun dasselbe.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageSettings</name>
    <message>
        <source>The network needs a sign-in</source>
        <translation>Das Netz verlangt eine Anmeldung</translation>
    </message>
    <message>
        <source>A lease was lost</source>
        <translation>Eine Lease ging verloren</translation>
    </message>
    <message>
        <source>A lease could not be renewed</source>
        <translation>Eine Lease konnte nicht erneuert werden</translation>
    </message>
    <message>
        <source>The public address is another one</source>
        <translation>Die öffentliche Adresse ist eine andere</translation>
    </message>
    <message>
        <source>The gateway refused, or its pool is full</source>
        <translation>Das Gateway hat abgelehnt, oder es hat nichts mehr frei</translation>
    </message>
    <message>
        <source>An address was leased or given back</source>
        <translation>Eine Adresse wurde gemietet oder zurückgegeben</translation>
    </message>
    <message>
        <source>The agent stopped unexpectedly</source>
        <translation>Der Agent endete unerwartet</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Profile to use</source>
        <translation>Zu verwendendes Profil</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Uses the gateways of this profile and no others</source>
        <translation>Verwendet die Gateways dieses Profils und keine anderen</translation>
    </message>
    <message>
        <source>The gateways of %1 are used now.</source>
        <translation>Die Gateways von %1 werden jetzt verwendet.</translation>
    </message>
    <message>
        <source>This program</source>
        <translation>Dieses Programm</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>Bei der Anmeldung starten</translation>
    </message>
    <message>
        <source>A middle click on the icon renews all leases</source>
        <translation>Ein Mittelklick auf das Symbol erneuert alle Leases</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>Wie der Desktop</translation>
    </message>
    <message>
        <source>For a light panel</source>
        <translation>Für eine helle Leiste</translation>
    </message>
    <message>
        <source>For a dark panel</source>
        <translation>Für eine dunkle Leiste</translation>
    </message>
    <message>
        <source>Colour of the icon</source>
        <translation>Farbe des Symbols</translation>
    </message>
    <message>
        <source>Colour of the icon:</source>
        <translation>Farbe des Symbols:</translation>
    </message>
    <message>
        <source>Quitting this program does not stop the agent: what is leased stays.</source>
        <translation>Wird dieses Programm beendet, läuft der Agent weiter: Was gemietet ist, bleibt.</translation>
    </message>
    <message>
        <source>Notify me when</source>
        <translation>Benachrichtigen, wenn</translation>
    </message>
    <message>
        <source>The agent&apos;s configuration</source>
        <translation>Die Konfiguration des Agenten</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>No profile is configured. A [[profile]] of the agent&apos;s configuration names the gateways that are used together.</source>
        <translation>Es ist kein Profil eingestellt. Ein [[profile]] in der Konfiguration des Agenten nennt die Gateways, die zusammen verwendet werden.</translation>
    </message>
    <message>
        <source>No profile is used: all gateways are.</source>
        <translation>Kein Profil wird verwendet: Alle Gateways werden es.</translation>
    </message>
    <message>
        <source>Used now: %1.</source>
        <translation>Jetzt in Gebrauch: %1.</translation>
    </message>
    <message>
        <source>From %1. Only the administrator changes it, in that file; the agent never writes it.</source>
        <translation>Aus %1. Nur der Administrator ändert sie, in dieser Datei; der Agent schreibt sie nie.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PoolMapLegend</name>
    <message>
        <source>What the cells mean</source>
        <translation>Was die Felder bedeuten</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>rsip::gui::PoolMapView</name>
    <message>
        <source>Map of the leased ports</source>
        <translation>Karte der gemieteten Ports</translation>
    </message>
</context>
<context>
    <name>PortMap</name>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Belegt</translation>
    </message>
    <message>
        <source>Resting after use</source>
        <translation>Ruht nach Gebrauch</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Angeboten</translation>
    </message>
    <message>
        <source>Going back</source>
        <translation>Wird zurückgegeben</translation>
    </message>
</context>
<context>
    <name>rsip::gui::QPushButton</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>rsip::gui::ReleaseQuestion</name>
    <message>
        <source>Connections may break: it is not known which are open.</source>
        <translation>Verbindungen können abbrechen: Es ist nicht bekannt, welche offen sind.</translation>
    </message>
    <message>
        <source>Connections of other users may break.</source>
        <translation>Verbindungen anderer Benutzer können abbrechen.</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 und %n weitere</numerusform>
            <numerusform>%1 und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>1 connection will break: %1.</source>
        <translation>1 Verbindung wird abbrechen: %1.</translation>
    </message>
    <message>
        <source>%1 connections will break: %2.</source>
        <translation>%1 Verbindungen werden abbrechen: %2.</translation>
    </message>
    <message>
        <source>Release lease %1?</source>
        <translation>Lease %1 zurückgeben?</translation>
    </message>
    <message>
        <source>Release anyway</source>
        <translation>Trotzdem zurückgeben</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Lease %1 goes back to the gateway.</source>
        <translation>Lease %1 geht an das Gateway zurück.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::SaTableModel</name>
    <message>
        <source>Leased, free</source>
        <translation>Gemietet, frei</translation>
    </message>
    <message>
        <source>Leased, offered to the IKE daemon</source>
        <translation>Gemietet, dem IKE-Dienst angeboten</translation>
    </message>
    <message>
        <source>Leased, in use</source>
        <translation>Gemietet, belegt</translation>
    </message>
    <message>
        <source>Leased, resting</source>
        <translation>Gemietet, ruht</translation>
    </message>
    <message>
        <source>The peer&apos;s</source>
        <translation>Der der Gegenstelle</translation>
    </message>
    <message>
        <source>Not leased</source>
        <translation>Nicht gemietet</translation>
    </message>
    <message>
        <source>no association</source>
        <translation>keine Assoziation</translation>
    </message>
    <message>
        <source>%1 in</source>
        <translation>%1 herein</translation>
    </message>
    <message>
        <source>%1 out</source>
        <translation>%1 hinaus</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 an %2</translation>
    </message>
    <message>
        <source>Fine</source>
        <translation>In Ordnung</translation>
    </message>
    <message>
        <source>SPI</source>
        <translation>SPI</translation>
    </message>
    <message>
        <source>Lease</source>
        <translation>Lease</translation>
    </message>
    <message>
        <source>Association</source>
        <translation>Assoziation</translation>
    </message>
    <message>
        <source>From and to</source>
        <translation>Von und nach</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>Modus</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>No gateway is configured</source>
        <translation>Kein Gateway ist eingestellt</translation>
    </message>
    <message>
        <source>Looking for a gateway (1 of 4)</source>
        <translation>Suche ein Gateway (1 von 4)</translation>
    </message>
    <message>
        <source>Registering with %1 (2 of 4)</source>
        <translation>Registriere bei %1 (2 von 4)</translation>
    </message>
    <message>
        <source>Asking %1 for a lease (3 of 4)</source>
        <translation>Bitte %1 um eine Lease (3 von 4)</translation>
    </message>
    <message>
        <source>Making the tunnel to %1 (4 of 4)</source>
        <translation>Baue den Tunnel zu %1 (4 von 4)</translation>
    </message>
    <message>
        <source>Leaving %1</source>
        <translation>Verlasse %1</translation>
    </message>
    <message>
        <source>Connecting to %1 (1 of 4)</source>
        <translation>Verbinde mit %1 (1 von 4)</translation>
    </message>
    <message>
        <source>all ports</source>
        <translation>alle Ports</translation>
    </message>
    <message numerus="yes">
        <source>%n port(s)</source>
        <translation>
            <numerusform>%n Port</numerusform>
            <numerusform>%n Ports</numerusform>
        </translation>
    </message>
    <message>
        <source>Lease ends in %1, renewal failed</source>
        <translation>Lease endet in %1, Erneuerung fehlgeschlagen</translation>
    </message>
    <message>
        <source>The RSIP agent is of another release</source>
        <translation>Der RSIP-Agent ist von einer anderen Version</translation>
    </message>
    <message>
        <source>Not allowed to talk to the RSIP agent</source>
        <translation>Keine Erlaubnis, mit dem RSIP-Agenten zu sprechen</translation>
    </message>
    <message>
        <source>The RSIP agent does not answer</source>
        <translation>Der RSIP-Agent antwortet nicht</translation>
    </message>
    <message>
        <source>RSIP agent is not running</source>
        <translation>RSIP-Agent läuft nicht</translation>
    </message>
    <message>
        <source>Gateway %1 (%2)</source>
        <translation>Gateway %1 (%2)</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>No network</source>
        <translation>Kein Netz</translation>
    </message>
    <message>
        <source>This network needs sign-in</source>
        <translation>Dieses Netz verlangt eine Anmeldung</translation>
    </message>
    <message>
        <source>Registered, no address leased</source>
        <translation>Registriert, keine Adresse gemietet</translation>
    </message>
    <message>
        <source>The gateway refused</source>
        <translation>Das Gateway hat abgelehnt</translation>
    </message>
    <message>
        <source>Agent not running</source>
        <translation>Agent läuft nicht</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Verbinde</translation>
    </message>
    <message>
        <source>Sign-in needed</source>
        <translation>Anmeldung nötig</translation>
    </message>
    <message>
        <source>Registered</source>
        <translation>Registriert</translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation>Gemietet</translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation>Braucht Aufmerksamkeit</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Lease ends in %1 (%2)</source>
        <translation>Lease endet in %1 (%2)</translation>
    </message>
    <message>
        <source>Start it with: %1</source>
        <translation>Starten mit: %1</translation>
    </message>
    <message>
        <source>How to start it</source>
        <translation>Wie man ihn startet</translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>Ausschalten</translation>
    </message>
    <message>
        <source>Open sign-in page</source>
        <translation>Anmeldeseite öffnen</translation>
    </message>
    <message>
        <source>Request lease</source>
        <translation>Lease anfordern</translation>
    </message>
    <message>
        <source>Renew now</source>
        <translation>Jetzt erneuern</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>rsip::gui::Sparkline</name>
    <message>
        <source>Throughput</source>
        <translation>Durchsatz</translation>
    </message>
    <message>
        <source>%1 up, %2 down</source>
        <translation>%1 hinaus, %2 herein</translation>
    </message>
    <message>
        <source>no traffic is counted</source>
        <translation>kein Verkehr wird gezählt</translation>
    </message>
    <message>
        <source>up, to %1</source>
        <translation>hinaus, bis %1</translation>
    </message>
    <message>
        <source>down</source>
        <translation>herein</translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation>vor %1</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
</context>
<context>
    <name>rsip::gui::TrayApp</name>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>RSIP keeps running</source>
        <translation>RSIP läuft weiter</translation>
    </message>
    <message>
        <source>This desktop shows no tray icons, so closing the window makes it small. Press %1 in the window to quit; the agent keeps running then.

GNOME shows tray icons with the package gnome-shell-extension-appindicator.</source>
        <translation>Dieser Desktop zeigt keine Symbole in der Leiste, darum wird das Fenster beim Schließen klein gemacht. %1 im Fenster beendet das Programm; der Agent läuft dann weiter.

GNOME zeigt solche Symbole mit dem Paket gnome-shell-extension-appindicator.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::TrayMenu</name>
    <message>
        <source>Renew all leases</source>
        <translation>Alle Leases erneuern</translation>
    </message>
    <message>
        <source>Copy public address</source>
        <translation>Öffentliche Adresse kopieren</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>Gateway</translation>
    </message>
    <message>
        <source>Search for gateways</source>
        <translation>Gateways suchen</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>Profil</translation>
    </message>
    <message>
        <source>Open sign-in page</source>
        <translation>Anmeldeseite öffnen</translation>
    </message>
    <message>
        <source>Show window</source>
        <translation>Fenster zeigen</translation>
    </message>
    <message>
        <source>Quit (the agent keeps running)</source>
        <translation>Beenden (der Agent läuft weiter)</translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation>Einschalten</translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation>Ausschalten</translation>
    </message>
</context>
<context>
    <name>rsip::gui::UsageCard</name>
    <message>
        <source>By day</source>
        <translation>Nach Tag</translation>
    </message>
    <message>
        <source>By gateway</source>
        <translation>Nach Gateway</translation>
    </message>
    <message>
        <source>Usage by day or by gateway</source>
        <translation>Nutzung nach Tag oder nach Gateway</translation>
    </message>
    <message>
        <source>Usage of the last 30 days</source>
        <translation>Nutzung der letzten 30 Tage</translation>
    </message>
    <message>
        <source>Nothing went through a leased address in 30 days.</source>
        <translation>In 30 Tagen ging nichts über eine gemietete Adresse.</translation>
    </message>
    <message>
        <source>In all: %1. Orange is sent, blue is received.</source>
        <translation>Insgesamt: %1. Orange ist gesendet, Blau empfangen.</translation>
    </message>
</context>
<context>
    <name>rsip::gui::UsageChart</name>
    <message>
        <source>Usage of the last 30 days</source>
        <translation>Nutzung der letzten 30 Tage</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>%1, lease %2</source>
        <translation>%1, Lease %2</translation>
    </message>
    <message numerus="yes">
        <source>renewed %n time(s)</source>
        <translation>
            <numerusform>%n-mal erneuert</numerusform>
            <numerusform>%n-mal erneuert</numerusform>
        </translation>
    </message>
    <message>
        <source>renewed %1 times, %2 times not</source>
        <translation>%1-mal erneuert, %2-mal nicht</translation>
    </message>
    <message>
        <source>%1: gone since %2, %3</source>
        <translation>%1: beendet seit %2, %3</translation>
    </message>
    <message>
        <source>%1: ends in %2, %3</source>
        <translation>%1: endet in %2, %3</translation>
    </message>
    <message>
        <source>%1 of %2 in use</source>
        <translation>%1 von %2 belegt</translation>
    </message>
    <message numerus="yes">
        <source>Ports %1 to %2: %3 of %4 taken, %n flow(s)</source>
        <translation>
            <numerusform>Ports %1 bis %2: %3 von %4 vergeben, %n Verbindung</numerusform>
            <numerusform>Ports %1 bis %2: %3 von %4 vergeben, %n Verbindungen</numerusform>
        </translation>
    </message>
    <message>
        <source>Port %1: %2 (lease %3)</source>
        <translation>Port %1: %2 (Lease %3)</translation>
    </message>
    <message numerus="yes">
        <source>Port %1: in use by %n flow(s) (lease %2)</source>
        <translation>
            <numerusform>Port %1: von %n Verbindung belegt (Lease %2)</numerusform>
            <numerusform>Port %1: von %n Verbindungen belegt (Lease %2)</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 sent, %2 received, leased for %3</source>
        <translation>%1 gesendet, %2 empfangen, gemietet für %3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 h</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 h %2 min</translation>
    </message>
    <message>
        <source>%1 days %2 h</source>
        <translation>%1 Tage %2 h</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>today %1</source>
        <translation>heute %1</translation>
    </message>
    <message>
        <source>all ports</source>
        <translation>alle Ports</translation>
    </message>
    <message>
        <source>IPsec</source>
        <translation>IPsec</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Whole address</source>
        <translation>Ganze Adresse</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Ports</translation>
    </message>
    <message>
        <source>SPI %1</source>
        <translation>SPI %1</translation>
    </message>
    <message>
        <source>Not renewed: %1</source>
        <translation>Nicht erneuert: %1</translation>
    </message>
    <message>
        <source>Granted for %1</source>
        <translation>Für %1 erteilt</translation>
    </message>
    <message>
        <source>Renewed for %1</source>
        <translation>Um %1 erneuert</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Being looked for</source>
        <translation>Wird gesucht</translation>
    </message>
    <message>
        <source>Not registered</source>
        <translation>Nicht registriert</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Verbinde</translation>
    </message>
    <message>
        <source>Registering</source>
        <translation>Registriert sich</translation>
    </message>
    <message>
        <source>Registered</source>
        <translation>Registriert</translation>
    </message>
    <message>
        <source>Asking for a lease</source>
        <translation>Bittet um eine Lease</translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation>Gemietet</translation>
    </message>
    <message>
        <source>Giving leases back</source>
        <translation>Gibt Leases zurück</translation>
    </message>
    <message>
        <source>%1 over %2</source>
        <translation>%1 über %2</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>Konfiguration</translation>
    </message>
    <message>
        <source>Default router</source>
        <translation>Standardrouter</translation>
    </message>
</context>
</TS>
