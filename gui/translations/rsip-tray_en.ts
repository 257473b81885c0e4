<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>rsip::gui::Assistant</name>
    <message numerus="yes">
        <source>%n more gateway(s) found.</source>
        <translation>
            <numerusform>%n more gateway found.</numerusform>
            <numerusform>%n more gateways found.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rsip::gui::LeaseFigures</name>
    <message numerus="yes">
        <source>%n of its port(s)</source>
        <translation>
            <numerusform>%n of its ports</numerusform>
            <numerusform>%n of its ports</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rsip::gui::PageGateways</name>
    <message numerus="yes">
        <source>%n gateway(s) found, the best first.</source>
        <translation>
            <numerusform>%n gateway found.</numerusform>
            <numerusform>%n gateways found, the best first.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rsip::gui::ReleaseQuestion</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message numerus="yes">
        <source>%n port(s)</source>
        <translation>
            <numerusform>%n port</numerusform>
            <numerusform>%n ports</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message numerus="yes">
        <source>renewed %n time(s)</source>
        <translation>
            <numerusform>renewed %n time</numerusform>
            <numerusform>renewed %n times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Ports %1 to %2: %3 of %4 taken, %n flow(s)</source>
        <translation>
            <numerusform>Ports %1 to %2: %3 of %4 taken, %n flow</numerusform>
            <numerusform>Ports %1 to %2: %3 of %4 taken, %n flows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Port %1: in use by %n flow(s) (lease %2)</source>
        <translation>
            <numerusform>Port %1: in use by %n flow (lease %2)</numerusform>
            <numerusform>Port %1: in use by %n flows (lease %2)</numerusform>
        </translation>
    </message>
</context>
</TS>
