<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>rsip::gui::AgentActions</name>
    <message>
        <source>Not turned on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not turned off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leases not renewed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile not changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No web browser was found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open this page: %1</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::DoctorModel</name>
    <message>
        <source>✕ Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>! Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>– Not looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>✓ Fine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tunnel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPsec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 failed, %2 warnings, %3 fine, %4 not looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Result</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Area</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What ought to be</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::FlowTableModel</name>
    <message>
        <source>Opening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Established</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Active</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>of user %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (here %2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Public side</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remote</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Received</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Idle for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, process %2 of %3, begun by %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the remote</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this computer</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::GatewayTableModel</name>
    <message>
        <source>%1 of %2 in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not found yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Known from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ports</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::LeaseTableModel</name>
    <message>
        <source>%1 of %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not renewed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Going back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Held</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reachable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For IPsec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Idle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ports or SPIs</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Last renewal</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, lease %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>anybody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ends %1.
The agent renews it %2 (in %3).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LeaseTimeline</name>
    <message>
        <source>Granted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renewed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not renewed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ended</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::LeaseTimelinePlot</name>
    <message>
        <source>Leases in time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::LogModel</name>
    <message>
        <source>Trace</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Debug</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Info</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Warning</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Level</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happened</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Lease lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease not renewed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another public address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The gateway refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The gateway has nothing left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease about to end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign-in needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This network wants you to sign in before anything can be leased.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The RSIP agent stopped</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Public address leased</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No public address any more</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PoolMapLegend</name>
    <message>
        <source>What the cells mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PoolMapView</name>
    <message>
        <source>Map of the leased ports</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PortMap</name>
    <message>
        <source>Free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resting after use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Listening</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Going back</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::SaTableModel</name>
    <message>
        <source>Leased, free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leased, offered to the IKE daemon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leased, in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leased, resting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The peer&apos;s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not leased</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no association</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Fine</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wrong: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SPI</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Association</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From and to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mode</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connection</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>No gateway is configured</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking for a gateway (1 of 4)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registering with %1 (2 of 4)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking %1 for a lease (3 of 4)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Making the tunnel to %1 (4 of 4)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leaving %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting to %1 (1 of 4)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all ports</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n port(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Lease ends in %1, renewal failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The RSIP agent is of another release</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not allowed to talk to the RSIP agent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The RSIP agent does not answer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RSIP agent is not running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gateway %1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This network needs sign-in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered, no address leased</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The gateway refused</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Agent not running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sign-in needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needs attention</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease ends in %1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start it with: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How to start it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open sign-in page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Request lease</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renew now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::Sparkline</name>
    <message>
        <source>Throughput</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 up, %2 down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>no traffic is counted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>up, to %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 ago</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::TrayApp</name>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RSIP keeps running</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This desktop shows no tray icons, so closing the window makes it small. Press %1 in the window to quit; the agent keeps running then.

GNOME shows tray icons with the package gnome-shell-extension-appindicator.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::TrayMenu</name>
    <message>
        <source>Renew all leases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy public address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search for gateways</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open sign-in page</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit (the agent keeps running)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::UsageChart</name>
    <message>
        <source>Usage of the last 30 days</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>%1, lease %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>renewed %n time(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>renewed %1 times, %2 times not</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: gone since %2, %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: ends in %2, %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Ports %1 to %2: %3 of %4 taken, %n flow(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Port %1: %2 (lease %3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Port %1: in use by %n flow(s) (lease %2)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>%1 sent, %2 received, leased for %3</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 days %2 h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>today %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all ports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPsec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Server</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whole address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SPI %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not renewed: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Granted for %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Renewed for %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being looked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not registered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registering</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Registered</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking for a lease</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Assigned</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Giving leases back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 over %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Default router</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
