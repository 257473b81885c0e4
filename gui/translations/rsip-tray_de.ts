<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>rsip::gui::ActionButton</name>
    <message>
        <source>Waiting…</source>
        <translation type="unfinished"></translation>
    </message>
</context>
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
    <name>rsip::gui::Assistant</name>
    <message>
        <source>%1, configured: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up RSIP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Which gateway?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A gateway leases a public address, or ports of one, to this computer. These are configured, or were found on this network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gateways</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it offers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lines for the agent&apos;s configuration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the lines for the agent&apos;s configuration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Does it work?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start this program at login</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The agent itself runs without this program, from the start of the computer on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asking DHCP, SLP and the default router…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other gateway was found. If you know the address of one, it can be configured all the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n more gateway(s) found.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>It is configured: nothing has to be done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gateway was found. With &quot;auto&quot; the agent looks for one on each network that this computer comes to.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it offers is known once this computer is registered. For that, an administrator puts these lines into /etc/rsip/agent.toml and then runs: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
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
    <name>rsip::gui::MainWindow</name>
    <message>
        <source>Overview</source>
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
    <message>
        <source>Connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gateways</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPsec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Doctor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>RSIP</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pages</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ctrl+%1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1
Agent %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::Notice</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close this message</source>
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
    <name>Overview</name>
    <message>
        <source>This network wants you to sign in first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open its sign-in page; the agent goes on by itself after that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no network.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The agent goes on by itself when there is one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2 of at most %3 ports are in use.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close connections, or raise max_ports in the agent&apos;s configuration.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gateway is configured.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The page Gateways looks for one and shows what to configure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2:%3)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 through %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, packets of up to %2 bytes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageBase</name>
    <message>
        <source>Copy as JSON</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copies what this page shows, as rsipctl prints it with --json</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The agent is not running.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may look, but not change anything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may look at everything, but not change it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageDoctor</name>
    <message>
        <source>Doctor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Bug report…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been looked at yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Runs rsipctl doctor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writes a file with what is needed to find a bug, for you to read before you send it; nothing is sent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was looked at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy what to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been looked at.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program rsipctl is not there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Install the package rsip-agent: this page shows what rsipctl doctor finds.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>rsipctl ended with code %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Written to %1. Nothing was sent.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read it before you send it: addresses and names may be in it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageFlows</name>
    <message>
        <source>Connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter: a program, an address, :port …</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter of the connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You have no connection through a tunnel now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing goes through a tunnel now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 connections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2 connections match the filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>– and %1 of other users, which you may not see</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageGateways</name>
    <message>
        <source>by address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>by address and port</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reached by %1, %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>messages are authenticated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>messages are not authenticated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Flows are told apart %1 here and %2 at the remote</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tunnel %1 to %2, packets of up to %3 bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPsec goes through it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No IPsec through it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Local to it, so reached directly: %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1:%2 by %3, found by %4</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gateways</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gateway is configured. Look for one below, or let the assistant show what to configure.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Configured gateways</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Set up…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opens the assistant</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gives back what is leased from the selected gateway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On this network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look for gateways</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asks DHCP, SLP and the default router</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nobody has looked yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gateways that were found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a gateway first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is turned on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 is turned off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The search failed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gateway was found. Ask who runs this network for its address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n gateway(s) found, the best first.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageIpsec</name>
    <message>
        <source>The IKE daemon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 uses only SPIs that are leased.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 waits: no SPI is leased.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 refuses to talk to the agent at %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 does not do what the agent asks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No IKE daemon answers at %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole address %1 is leased: every SPI is this computer&apos;s own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Through %1, with SPIs of its own at %2; IKE ports %3.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>IPsec</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gateway is configured for IPsec. Set enabled = true under [gateway.ipsec] in the agent&apos;s configuration, and SPIs are leased for associations of your own through the shared address.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>SPIs and associations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gateway is configured for IPsec.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 cannot receive anything: %2</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageLeases</name>
    <message>
        <source>Leases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is leased now. A gateway leases an address when it is turned on and registered; the page Gateways shows how far it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Past hour, and until the last lease ends</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Square: granted. Disc: renewed. Triangle: not renewed. Cross: ended or lost. Dotted lines: when it is renewed, and the last try. Hatched: this computer slept.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Renew</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Asks the gateway for a new life of the selected lease</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Re&amp;lease</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gives the selected lease back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Hold</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keeps the selected lease though nothing uses it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the address of the selected lease</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Selected lease</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What happened to the selected lease</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No lease is selected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 of %2, %3. Asked for %4 at a time.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is known of its past.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a lease first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Hold no longer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The gateway was asked for a new life of lease %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease %1 is kept though nothing uses it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease %1 goes back when nothing uses it.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageLog</name>
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
        <source>Log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No line of the log is shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show lines from this level on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Level that the agent logs from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter of the log</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Log for 10 minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The agent logs from this level on for 10 minutes, then as configured again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The agent logs from %1 on for 10 minutes.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The log may name what others do: only who may change something reads it. %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No line of the log fits.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageOverview</name>
    <message>
        <source>Overview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Health</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turn off</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gives back what is leased and stays away until turned on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the public address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease ends in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Public address</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>10 minutes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How much of the throughput is shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Throughput</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 up, %2 down</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy command</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease ends in %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, renewed before by itself</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all of its ports</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%n of its port(s)</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Turned on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turned off.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The gateway was asked for a lease.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The gateway was asked for a new life of all leases.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Turned off: what was leased goes back.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PagePorts</name>
    <message>
        <source>Ports</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gateway whose ports are shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No gateway is configured, so no port is leased.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No port is leased from %1 now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All ports of %1</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole address is leased (RSA-IP): only the ports that are used now are shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1, at most %2 at a time since the agent started. A port rests for a while after its last connection, so that late packets do not reach a new one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Point at a cell to see what it is; click it to see its connections. The arrow keys and Enter do the same.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageSettings</name>
    <message>
        <source>The network needs a sign-in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A lease was lost</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A lease could not be renewed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The public address is another one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The gateway refused, or its pool is full</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>An address was leased or given back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The agent stopped unexpectedly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Profile to use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Uses the gateways of this profile and no others</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The gateways of %1 are used now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A middle click on the icon renews all leases</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For a light panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>For a dark panel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of the icon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Colour of the icon:</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quitting this program does not stop the agent: what is leased stays.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Notify me when</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The agent&apos;s configuration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No profile is configured. A [[profile]] of the agent&apos;s configuration names the gateways that are used together.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No profile is used: all gateways are.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Used now: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From %1. Only the administrator changes it, in that file; the agent never writes it.</source>
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
    <name>rsip::gui::QPushButton</name>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>rsip::gui::ReleaseQuestion</name>
    <message>
        <source>Connections may break: it is not known which are open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Connections of other users may break.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>1 connection will break: %1.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>%1 connections will break: %2.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release lease %1?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Release anyway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Lease %1 goes back to the gateway.</source>
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
    <name>rsip::gui::UsageCard</name>
    <message>
        <source>By day</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>By gateway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usage by day or by gateway</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Usage of the last 30 days</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing went through a leased address in 30 days.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In all: %1. Orange is sent, blue is received.</source>
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
