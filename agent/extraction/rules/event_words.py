"""How announcements write titles, people, companies, products and places: parts of the event patterns."""

from __future__ import annotations

NAME = r"[A-ZÀ-Þ0-9][\w&.+'’-]*(?:[ ](?:[A-ZÀ-Þ0-9][\w&.+'’-]*|of|and|the|for|&)){0,5}"
TITLE = r"(?P<title>(?:[Nn]ew[ ]|[Gg]lobal[ ]|[Ff]irst[ ]|[Ii]nterim[ ]|[Gg]roup[ ]|Co-)?(?:Chief[ ][A-Z]\w+(?:[ ](?:and[ ]|&[ ])?[A-Z]\w+){0,3}[ ]Officer|chief[ ](?:(?!officer)\w+[ ]){1,4}officer|managing[ ]director|general[ ]counsel|C[A-Z]{1,2}O\b|CISO|President(?:[ ]and[ ]CEO)?|Managing[ ]Director|General[ ](?:Counsel|Manager)|(?:Senior[ ]|Executive[ ])?Vice[ ]President(?:[ ]of)?(?:[ ][A-Z]\w+){0,3}|[SE]?VP(?:[ ]of)?(?:,)?(?:[ ][A-Z]\w+){1,3}|(?:Global[ ])?Head[ ]of[ ][A-Z]\w+(?:[ ](?:and[ ]|&[ ])?[A-Z]\w+){0,3}|Geschäftsführer(?:in)?))"
PERSON = r"[A-ZÀ-Þ][\w.'’-]+(?:[ ](?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|der|da|di)){1,4}"
FOREIGN_TITLE = (
    r"(?P<title>(?i:(?:kaufmännische[rn]?|technische[rn]?|stellvertretende[rn]?)?[ ]?Geschäftsführer(?:in)?|Vorstandsvorsitzende[rn]?|Finanzvorstand|Finanzchef(?:in)?|Vertriebsleiter(?:in)?|Marketingleiter(?:in)?|Technikchef(?:in)?|Betriebsleiter(?:in)?|Vorstandschef(?:in)?|(?:Vertriebs|Marketing|Personal)chef(?:in)?|(?:Vertriebs|Finanz|Technik)vorstand|Leiter(?:in)?[ ](?:Vertrieb|Marketing|IT|Finanzen|Personal|Einkauf)"
    r"|PDG|président(?:e)?[- ]directeur(?:trice)?[ ]général(?:e)?|consejer[oa][ ]delegad[oa]|Head[ ]of[ ]\w+|Vice[ ]President(?:[ ]\w+)?"
    r"|direct(?:eur|rice)[ ](?:général(?:e)?(?:[ ]délégué(?:e)?)?|technique|commercial(?:e)?|financi(?:er|ère)|marketing|des[ ]opérations|des[ ]ventes|des[ ]ressources[ ]humaines|informatique|de[ ]la[ ]technologie|du[ ]marketing)"
    r"|director(?:a)?[ ](?:general|comercial|financier[oa]|técnic[oa]|de[ ](?:marketing|ventas|operaciones|tecnología|recursos[ ]humanos|producto))"
    r"|(?:algemeen|commercieel|financieel|technisch|operationeel)[ ]directeur|(?:marketing|verkoop|sales|personeels|it-)directeur|bestuursvoorzitter|directeur"
    r"|diretor(?:a)?[ ](?:geral|comercial|financeir[oa]|técnic[oa]|executiv[oa]|de[ ](?:marketing|vendas|operações|tecnologia))|amministrat(?:ore|rice)[ ]delegat[oa]|direttore[ ](?:generale|commerciale|finanziario|tecnico|marketing|operativo)"
    r"|Chief[ ]\w+(?:[ ]\w+)?[ ]Officer)|C[A-Z]O\b)"
)
