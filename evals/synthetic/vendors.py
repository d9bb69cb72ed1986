"""The marks that products leave on a site and in DNS: public snippet formats with made-up account numbers."""

from __future__ import annotations

import random
from typing import NamedTuple

from tools.fetching.api import RecordType


class Mark(NamedTuple):
    """A product's snippet and the words in it that give the product away."""

    html: str
    quote: str


def mark_of(product: str, rng: random.Random) -> Mark:
    """Return the public snippet of a product."""
    n = rng.randrange(1_000_000, 9_999_999)
    code = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(8))
    low = code.lower()
    marks = {
        "Google Tag Manager": Mark(f"<script>(function(w,d,s,l,i){{w[l]=w[l]||[];w[l].push({{'gtm.start':new Date().getTime(),event:'gtm.js'}});var f=d.getElementsByTagName(s)[0],j=d.createElement(s);j.async=true;j.src='https://www.googletagmanager.com/gtm.js?id='+i;f.parentNode.insertBefore(j,f);}})(window,document,'script','dataLayer','GTM-{code[:7]}');</script>", "www.googletagmanager.com/gtm.js"),
        "Google Analytics": Mark(f'<script async src="https://www.googletagmanager.com/gtag/js?id=G-{code}"></script><script>window.dataLayer=window.dataLayer||[];function gtag(){{dataLayer.push(arguments);}}gtag("js",new Date());gtag("config","G-{code}");</script>', f"www.googletagmanager.com/gtag/js?id=G-{code}"),
        "HubSpot": Mark(f'<script type="text/javascript" id="hs-script-loader" async defer src="//js.hs-scripts.com/{n}.js"></script>', f"js.hs-scripts.com/{n}.js"),
        "Segment": Mark(f'<script>!function(){{var analytics=window.analytics=window.analytics||[];var e=document.createElement("script");e.src="https://cdn.segment.com/analytics.js/v1/{code}/analytics.min.js";document.head.appendChild(e);}}();</script>', f"cdn.segment.com/analytics.js/v1/{code}/analytics.min.js"),
        "Hotjar": Mark(f"<script>(function(h,o,t,j,a,r){{h.hj=h.hj||function(){{(h.hj.q=h.hj.q||[]).push(arguments)}};h._hjSettings={{hjid:{n},hjsv:6}};a=o.getElementsByTagName('head')[0];r=o.createElement('script');r.async=1;r.src=t+h._hjSettings.hjid+j+h._hjSettings.hjsv;a.appendChild(r);}})(window,document,'https://static.hotjar.com/c/hotjar-','.js?sv=');</script>", "static.hotjar.com/c/hotjar-"),
        "Intercom": Mark(f'<script>window.intercomSettings={{api_base:"https://api-iam.intercom.io",app_id:"{low}"}};</script><script>(function(){{var s=document.createElement("script");s.async=true;s.src="https://widget.intercom.io/widget/{low}";document.body.appendChild(s);}})();</script>', f"widget.intercom.io/widget/{low}"),
        "LinkedIn Insight Tag": Mark(f'<script type="text/javascript">_linkedin_partner_id="{n}";window._linkedin_data_partner_ids=window._linkedin_data_partner_ids||[];window._linkedin_data_partner_ids.push(_linkedin_partner_id);</script><script async src="https://snap.licdn.com/li.lms-analytics/insight.min.js"></script>', "snap.licdn.com/li.lms-analytics/insight.min.js"),
        "Meta Pixel": Mark(f"<script>!function(f,b,e,v,n,t,s){{if(f.fbq)return;n=f.fbq=function(){{n.queue.push(arguments)}};n.queue=[];t=b.createElement(e);t.async=!0;t.src=v;s=b.getElementsByTagName(e)[0];s.parentNode.insertBefore(t,s)}}(window,document,'script','https://connect.facebook.net/en_US/fbevents.js');fbq('init','{n}');fbq('track','PageView');</script>", "connect.facebook.net/en_US/fbevents.js"),
        "Cookiebot": Mark(f'<script id="Cookiebot" src="https://consent.cookiebot.com/uc.js" data-cbid="{low}-1f2e-4c3d-9a8b-{n}12345" type="text/javascript" async></script>', "consent.cookiebot.com/uc.js"),
        "OneTrust": Mark(f'<script src="https://cdn.cookielaw.org/scripttemplates/otSDKStub.js" data-domain-script="{low}-0b1c-4d2e-8f3a-{n}00000" charset="UTF-8"></script>', "cdn.cookielaw.org/scripttemplates/otSDKStub.js"),
        "Matomo": Mark(f"<script>var _paq=window._paq=window._paq||[];_paq.push(['trackPageView']);(function(){{var u='//{low}.matomo.cloud/';_paq.push(['setTrackerUrl',u+'matomo.php']);var d=document,g=d.createElement('script'),s=d.getElementsByTagName('script')[0];g.async=true;g.src='//cdn.matomo.cloud/{low}.matomo.cloud/matomo.js';s.parentNode.insertBefore(g,s);}})();</script>", f"cdn.matomo.cloud/{low}.matomo.cloud/matomo.js"),
        "Klaviyo": Mark(f'<script type="text/javascript" async src="https://static.klaviyo.com/onsite/js/klaviyo.js?company_id={code[:6]}"></script>', f"static.klaviyo.com/onsite/js/klaviyo.js?company_id={code[:6]}"),
        "Drift": Mark(f"<script>!function(){{var t=window.driftt=window.drift=window.driftt||[];t.SNIPPET_VERSION='0.3.1';var o=document.createElement('script');o.src='https://js.driftt.com/include/'+Date.now()+'/{low}.js';document.head.appendChild(o);}}();</script>", "js.driftt.com/include/"),
        "Mixpanel": Mark(f'<script src="https://cdn.mxpnl.com/libs/mixpanel-2-latest.min.js"></script><script>mixpanel.init("{low}{n}");</script>', "cdn.mxpnl.com/libs/mixpanel-2-latest.min.js"),
    }  # fmt: skip
    return marks[product]


class DnsRow(NamedTuple):
    """One DNS answer."""

    name: str
    record_type: RecordType
    answer: str


def zone(domain: str, products: tuple[str, ...], rng: random.Random) -> tuple[list[DnsRow], dict[str, str]]:
    """Return a domain's answers, and for each product the words of an answer that give it away."""
    n = rng.randrange(10_000_000, 99_999_999)
    rows = [
        DnsRow(domain, "NS", "ns1.example-dns.example."),
        DnsRow(domain, "NS", "ns2.example-dns.example."),
    ]
    includes: list[str] = []
    quotes: dict[str, str] = {}
    if "Google Workspace" in products:
        rows += [
            DnsRow(domain, "MX", "1 aspmx.l.google.com."),
            DnsRow(domain, "MX", "5 alt1.aspmx.l.google.com."),
        ]
        includes.append("include:_spf.google.com")
        quotes["Google Workspace"] = "MX 1 aspmx.l.google.com."
    if "Microsoft 365" in products:
        host = f"{domain.replace('.', '-')}.mail.protection.outlook.com."
        rows += [DnsRow(domain, "MX", f"0 {host}"), DnsRow(domain, "TXT", f'"MS=ms{n}"')]
        includes.append("include:spf.protection.outlook.com")
        quotes["Microsoft 365"] = f"MX 0 {host}"
    senders = {"Salesforce": "_spf.salesforce.com", "SendGrid": "sendgrid.net", "Amazon SES": "amazonses.com", "Mailchimp": "servers.mcsv.net"}  # fmt: skip
    for product, host in senders.items():
        if product in products:
            includes.append(f"include:{host}")
            quotes[product] = f"include:{host}"
    if "Zendesk" in products:
        label = domain.split(".")[0]
        rows.append(DnsRow(f"help.{domain}", "CNAME", f"{label}.zendesk.com."))
        quotes["Zendesk"] = f"CNAME {label}.zendesk.com."
    rows.append(DnsRow(domain, "TXT", f'"v=spf1 {" ".join(includes)} ~all"'))
    return rows, quotes
