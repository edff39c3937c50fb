"""The triggers of ``nlu.red_flags_context``: phrases that change what stands near them.

In small letters and without apostrophes, with commas between; the longest that fits wins.
"""

from __future__ import annotations


def _phrases(text: str) -> list[tuple[str, ...]]:
    return [tuple(phrase.split()) for phrase in text.split(",") if phrase.strip()]


NOTHING = _phrases("""
could still, could see, could feel, could hear, as well, well i, well well, so well, no idea, no
worries, no rush, no one, no matter, no doubt, no joke, no problem, no thanks, no thank, no better,
no improvement, no change, no different, no clue, no way, no answer, no reply, no sleep, no luck, no
help, no appointments, no appointment, no appetite, not sure, not a doctor, not only, not just, not
to worry, not right, not well, not better, not good, not getting better, not improving, not helping,
not working, not normal, not himself, not herself, not like him, not like her, not responding to,
not going down, not coming down, not coming off, not going away, not going, not great, not happy,
not long, not feeling well, not feeling right, not looking good, not looking right, not long ago,
not too long ago, not coping, not okay, not ok, not settling, not at all well, not kidding, not
joking, not a joke, not exaggerating, not calming, dont know, dont know what, dont know why, dont
know if its, dont know whether its, dont understand, dont like, dont get why, dont want to wait,
dont want to bother, dont want to be dramatic, dont tell me, dont panic, dont mean to, dont think
its normal, dont think thats normal, dont think i can, dont think this is normal, dont feel well,
dont feel right, dont have a car, dont drive, dont have a gp, dont have a doctor, dont know who,
dont know where, dont wanna wait, isnt right, isnt normal, isnt well, isnt himself, isnt herself,
isnt helping, isnt getting better, isnt improving, isnt good, isnt happy, isnt coming down, isnt
going down, isnt going away, isnt working, isnt shifting, hasnt come down, hasnt gone down, hasnt
gone away, hasnt gone, hasnt improved, hasnt helped, hasnt worked, hasnt got better, hasnt settled,
hasnt broken, wont come down, wont go down, wont go away, wont go, wont shift, wont break, wont
settle, wont budge, wont ease, doesnt go down, doesnt go away, doesnt come down, doesnt help, doesnt
look right, doesnt look good, doesnt look well, doesnt seem right, doesnt seem well, doesnt feel
right, didnt help, didnt work, doesnt go, doesnt stop, didnt know, didnt realise, didnt realize,
didnt notice, didnt see him, didnt see her, didnt mean to, cant get through, cant bring down, cant
control, cant wait, cant believe, cant tell, cant get hold of, cant tell if, cant work out, couldnt
get through, couldnt sleep, cant sleep, cant drive, cant reach, cant find, if you can, if you could,
if you would, if you know, if this is, if its ok, if thats ok, if possible, if anyone, if someone,
if you dont mind, if this sounds, if i should, if i need, if i have to, if i must, if its anything,
if its normal, if its serious, if its an emergency, if its related, if its linked, if its milia, if
its the milk, if its okay, if its bad, if this isnt, if that helps, if it helps, if you dont, if
there is anything, if theres anything, if he needs, if she needs, if that matters, if it matters, if
we should, if we need, if not, if i am being, if im being, if im overreacting, if thats normal, if
that is normal, if it is normal, if you are, if youre, if he should, if she should, as if, looks as
if, even if, only if i, could it be, could this be, could that be, could these be, how do i stop
this bleeding, how do i stop the bleeding, how do i stop my, how to stop the bleeding, how to stop
bleeding, how can i stop the bleeding, how can i stop it bleeding, how do i stop it bleeding, how do
i stop bleeding, how do you stop bleeding, might be, may be, could be, would be, might have, may
have, could have, would say, would like, would you, will you, would someone, will someone, could
you, could someone, can you, can someone, can anyone, can i, can we, could i, would i need, will i
need, would it be best, can see, can feel, can hear, can hardly, can barely, can only, can still,
could barely, could hardly, could only, could not, can not, will not, would not, may not, might not,
will only, never seen, never been like, never like this, never had this, never happened, never felt,
never this, never so, never stops, never stopped, never settles, never ending, never wakes, is that
normal, is this normal, is it normal, worried about my, worried about his, worried about her, scared
about my, worried about him, concerned about my, concerned about his, concerned about her, was fine,
were fine, was ok, was well, was normal, nothing helps, nothing works, nothing stops, nothing will,
nothing calms, nothing settles, nothing seems, nothing is working, nothing is helping, nothing is
calming, nothing is stopping, nothing is settling, nothing i do, nothing ive tried, nothing will
stop, nothing but, like normal, as normal, than normal, than usual, like usual, not like normal,
isnt like normal, normally fine, normally well, normally great, usually fine, normally happy,
normally she, normally he, what does it mean if, what does it mean when, what does that mean, what
does this mean, why does my, why do my, why does his, why does her, why does he, why does she, why
does it keep, why do his, why do her, how do i treat my, how do i treat this, how do i treat his,
how do i treat her, how do i get it out, how do i get this out, how do i cool, how do i help, how
can i help, how do i get him, how do i get her, how do i get my, what do i do, what should i do,
what can i do, what do we do, what should we do, what can we do, what am i supposed to do, what
shall i do, what would you do, worry about my, worry about his, worry about her, worry about this,
worry about these, worry about the, worried about the baby, worried about this, worried about these,
concerned about this, concerned about these, be worried about the, be concerned about the, scared of
myself, afraid of myself, scared of my, afraid of my, scared of him, afraid of him, scared of her,
scared of what, afraid of what, scared about what, could he have, could she have, could he be, could
she be, could my baby be, could my baby have, could my son have, could my daughter have, could she
really, could they be, could i have, could i be having, could he still, will he be ok, will he be
okay, will he be alright, will he be all right, will he be fine, will she be ok, will she be okay,
will she be alright, will she be all right, will she be fine, will they be ok, will it be ok, will
it be okay, will i be ok, will my baby be ok, will baby be ok, will this be ok, would he be ok,
would she be ok, showing signs of, shows signs of, has signs of, has symptoms of, have symptoms of,
has all the signs of, has all the symptoms of, got signs of, have signs of, having symptoms of,
having signs of, with signs of, with symptoms of, got symptoms of, is there a reason, is there any
reason, is there anything, is there someone, is there anyone, is there a doctor, is there any way,
is there a way, is there something, is there a nurse, does this look, does it look, does that look,
do these look, do they look, does this sound, does it sound, does that sound, does this mean, does
it mean, does that mean, does this need, does it need, does that need, does it matter, does she
need, does he need, without warning, without any warning, without me touching, without touching,
without being touched, without stopping, without a break, no relief, no energy, no life, no
strength, no interest, no reaction, no response, no difference, no point, no reason, no hope, no
future, no choice, no escape, no end, no letup, no let up, no break, no money, no car, no transport,
no signal, no family, no support, no friends, no peace, no signs of stopping, no sign of stopping,
no signs of life, no sign of life, no sign of improvement, no signs of improvement, no sign of
slowing, not stopping, not slowing, not breathing, not budging, not shifting, not improved, not
clearing, not clearing up, not settled, not responding, not acting right, not acting himself, not
acting herself, not acting normal, not behaving, not being dramatic, not like this, not in a good
way, not in a good place, not doing well, not doing good, not doing great, not himself at all, not
with it, not yet, not until, not healing, not safe, not had a break, dont think its, dont think hes
well, dont think shes well, dont think hes right, dont think shes right, dont think hes ok, dont
think shes ok, dont think i should wait, dont want to panic, dont want to be a bother, dont want to
waste, dont know what to do, dont know how much, dont know how many, dont know how long, dont want
to overreact, dont want to sound, dont like the look of, dont like the way, dont know where to turn,
dont know who to, cant do anything, cant stand it, cant bear, cant describe, cant understand, cant
think, cant work, cant afford, cant keep him awake, cant keep her awake, cant be seen, cant see a
doctor, cant see a gp, cant get an appointment, cant get to, cant get a, cant help, if hes ok, if
shes ok, if hes okay, if hes alright, if shes alright, if thats bad, if its dangerous, if its safe
to wait, if i can wait, if i need to, if he should be, if she should be, if its milk spots, if its
just, if its from, if its because, if this could be, if that could be, if it could be, if he could
be, if she could be, if he might be, if she might be, if he has, if she has, if thats why, if
anything, is it safe to, is it ok to, is it okay to, is it alright to, is it fine to, can u, could
u, will u, would u, nothing comforts, nothing soothes, nothing consoles, nothing pacifies, nothing
quiets
""")
"""They look like triggers and change nothing of what follows."""

DENIED = _phrases("""
nae, aint got, aint no, isny, doesny, didny, dinnae, hasnae, no, not, never, without, none, isnt,
isn, arent, wasnt, werent, hasnt, hasn, havent, havnt, haven, hadnt, doesnt, dosnt, dosent, doesn,
dont, don, didnt, didn, wont, cant, cannot, couldnt, wouldnt, shouldnt, aint, nor, neither, could
not, can not, will not, would not, may not, might not, denies, free of, free from, no sign of, no
signs of, no longer, zero, rather than, instead of, absence of, negative for, ruled out, do not
have, does not have, anything but, not any, no more, never had, nothing like, not even, nowhere
near, no evidence of, no hint of, not really, not a, other than, apart from the usual, nothing is,
nothing, nowhere, nobody has, no one has, hardly any, barely any, havent got, hasnt got, dont have,
doesnt have, didnt have, dont get, never any, never has, never have, lack of, absence, not had, not
got, not have, not having, no history of, not currently, not showing, wasn, weren, couldn, wouldn,
hadn, shouldn, nobodys, nobody is, nobody was, noones, noone is
""")
"""What follows is denied."""

OVER = _phrases("""
all healed, all settled, healed, settled, sorted, all sorted, fully healed, there is none, theres
none, there are none, cleared it, cleared it up, sorted it, fixed it, healed it, well, great, went
away, went down, has passed, has settled, have settled, has stopped, have stopped, stopped now, has
eased, is better now, better now, are better now, much better now, all better, all clear, resolved,
cleared up, has cleared, have cleared, went after, stopped after, settled down, has healed, have
healed, healed up, is healed, healed fine, back to normal, is normal, are normal, seems normal, seem
normal, is fine, are fine, seems fine, seem fine, is ok, is okay, are ok, all fine, all normal, is
good, is great, are good, gone today, gone this morning, has calmed down, calmed down, has died
down, came down to normal, is perfect, well controlled, fine, normal, normally, ruled out, was ruled
out, stopped within, stopped in, stopped straight away, stopped quickly, stopped itself, stopped by
itself, stopped on its own, has come down to 37, is under control, has cleared up, turned out fine,
turned out to be nothing, was nothing, absent, negative, perfectly, happily, brilliantly, better
today, better this morning, better since, a lot better, lots better, loads better, feeling better,
getting better, improving, improved, on the mend, been fine, been ok, been okay, been normal, been
good, been well, been great, been perfect, fine now, ok now, okay now, normal now, good now, alright
now, all right now, normal since, fine since, ok since, happy now, calm now, all good, all ok, all
okay, fine again, ok again, normal again, well again, right as rain, completely better, completely
fine, went by itself, went on its own, went within, went in a day, went in a few, stopped on it own,
stopped quite quickly, stopped eventually, stopped in the end, has stopped completely, passed
quickly, soon passed, totally gone, stopped hours ago, stopped an hour ago, stopped a while ago,
stopped ages ago, stopped yesterday, stopped last night, stopped this morning, stopped overnight,
stopped already, stopped days ago, came back clear, came back negative, came back normal, stopped
bleeding after, stopped bleeding now, long gone, going down already, already going down, came
through it, pulled through, pulled through fine
""")
"""What stands before is over, or as it should be."""

PAST = _phrases("""
was in nicu, were in nicu, was in scbu, was in hospital, were in hospital, was in special care, in
nicu with, was admitted with, were admitted with, in intensive care with, in january, in february,
in march, in april, in may, in june, in july, in august, in september, in october, in november, in
december, my first baby had, my first had, my eldest had, my other baby had, last month, last year,
last summer, last winter, last spring, last autumn, last time, last christmas, last january, last
february, last march, last april, last may, last june, last july, last august, last september, last
october, last november, last december, last decade, last easter, months ago, month ago, years ago,
year ago, ages ago, long ago, a while ago, a while back, decades ago, yrs ago, months back, years
back, few weeks ago, couple of weeks ago, weeks ago, week ago, fortnight ago, when i was, when he
was, when she was, when they were, when we were, when my son was, when my daughter was, when my kids
were, when it was, as a baby, as a child, as a kid, as a teen, as a teenager, as an infant, as a
newborn, in the past, history of, previously, in childhood, at birth, once had, had once, years
before, before birth, previous treatment, in a previous, as a toddler, growing up, when younger, in
my teens, in my twenties, in my 20s, on holiday last, during my pregnancy, from childhood, once as,
years since, after having had, the other month, the other year, long since, since recovered, fully
recovered, recovered from, recovering from, has recovered, have recovered, got over, over it now,
family history, used to have, used to get, used to be, used to self, used to cut, used to suffer,
used to hurt, used to bleed, used to want, used to feel, used to hit, used to swell, used to do,
used to harm, used to struggle, back in january, back in february, back in march, back in april,
back in may, back in june, back in july, back in august, back in september, back in october, back in
november, back in december, back in my, back in spring, back in summer, back in autumn, back in
winter, back in the spring, back in the summer, back in the autumn, back in the winter, back in the
day, back in school, back in uni, back when, with my first, with my last baby, with my last
pregnancy, with my eldest, with my previous, with my other, with my son years, after my first, when
my first, last pregnancy, in my last pregnancy, as teenagers, as a young, when i had my first, when
i had my last, in a past, from years, from a long time, a long time ago, some time ago, some years,
a few months ago, the year before, months before, before i was born, before he was born, before she
was born, decades, was hospitalised with, were hospitalised with, was treated for, were treated for,
been treated for, treated me for years, as kids, as children, during my teens, at age, at the age,
in the 80s, in the 90s, in my childhood, in my youth, in my past, my past, past history, medical
history, previous history, previously had, once got, our first had, our eldest had, our oldest had,
my oldest had, my second had, our second had
""")
"""The clause in which they stand tells of long ago."""

SUPPOSED = _phrases("""
when is a, when is an, when are, if, what if, in case, in case of, unless, suppose, supposing,
imagine, say she gets, say he gets, might, may, would, could, will, will it, whether it could,
whether it can, whether they can, whether it will, should it, should he get, should she get, should
they, should my baby get, should i get, risk, risk of, risks of, risk that, chance of, chances of,
chance that, chances that, danger of, likelihood of, possibility of, possible to, odds of, side
effect, side effects, complication, complications, to avoid, to prevent, prevent, prevents,
preventing, avoid, avoiding, reduce the risk, protect against, protects against, guard against, stop
it getting, stop them getting, stop it from getting, keep it from getting, keep it from, so it
doesnt, so that it doesnt, so it wont, so i dont get, so they dont, make sure it doesnt, make sure
it isnt, without causing, without getting, signs of, sign of, symptoms of, symptom of, how do i
know, how do you know, how would i know, how will i know, how can i tell, how can you tell, how do i
tell, how do you tell, how to tell, how to know, how to spot, how to recognise, how to recognize,
how do i recognise, what does, what do, what happens if, what happens when, what should i do if,
what do i do if, what to do if, what to do when, when should i, when should you, when should we,
when do i, when to, when does, at what temperature, what temperature, how high, worried about,
worried they, worry about, worry that it, scared of, scared the needle, scared it, scared about,
afraid of, afraid it, nervous about, nervous of, fear of, fear it, anxious about, frightened it,
terrified of, concerned it, paranoid about, tend to, tends to, prone to, likely to, known to, bound
to, going to get, going to bleed, going to hurt, going to cause, going to swell, going to blister,
going to burn, going to scar, going to need, gonna bleed, gonna hurt, gonna swell, gonna get, is it
normal to, is it normal for it, is it normal for them, is it normal for the, is it normal if it, is
it ok if it, is it okay if it, is it bad if it, is it dangerous if it, is it normal that they, is it
normal for newborns, is it normal for babies, is it common, is it possible, is it usual, is it true,
is it true that, is it dangerous, is there a, is there any, are there any, are there, any risk, any
chance, does it, do they, do milia, do milk, do these, does this, does that, does the, does cryo,
does cryotherapy, does laser, does steam, does retinol, do babies, do newborns, do people, do
adults, do most, do you treat, do you deal with, do you see, do you do, do you sell, do you offer,
do acids, do peels, do chemical, does acid, does salicylic, does glycolic, does milia, does a, does
squeezing, does popping, does removal, does removing, does extraction, does an, do you ever, does
minocycline, does teething, difference between, different from, versus, vs, compared to, compared
with, rather like, information on, information about, info on, info about, tell me about, read
about, heard about, learn about, article about, article on, leaflet about, leaflet on, leaflet says,
what causes, what is, what are, what counts as, whats, what makes, definition of, the word, explain,
causes of, cause of, linked to, related to, associated with, connected to, due to possible, why do,
why does, why would, how do, how does, how can, how common, how likely, how much would, how much
will, how long does, how long do, how long will, how painful, how often do, how often does, after
the treatment will, ever get, ever cause, ever cause any, ever turn, ever become, ever bleed, ever
hurt, can lead to, can cause, can cause a, could cause, may cause, might cause, lead to, leads to,
causes, causing any, policy on, advice on preventing, advice for, insurance cover, covered for, tips
for, be careful of, beware, watch out for, look out for, watch for, looking out for, watching for,
things like, stories of, stories about, horror stories, dont want it to, dont want them to, dont
want to get, dont want a, wouldnt want, hope it doesnt, hope it isnt, hoping it doesnt, hope not,
hypothetically, in theory, theoretically, for future, in future, in the future, next time, one day,
just in case, before it gets, before they get, before it, before the, until it, until the, tendency
to, when they remove, when its removed, while you, during the treatment, during treatment, during
removal, during the removal, can milia, can milk, can they, can it, can these, can this, can that,
can the, can babies, can newborns, can adults, can cryotherapy, can cryo, can laser, can steam, can
a, can an, can acid, can acids, can retinol, can squeezing, can popping, can peels, can baby acne,
can minocycline, can removal, can extraction, can milk spots, can teething, can sun, can heat, can
stress, can anyone get, can you get, can you have, can you catch, can you go, can you die, can i
get, can i go, can my baby get, can my baby catch, can my child get, can she get, can he get, can my
son get, can my daughter get, could you get, could i get, will i, will my, will she, will he, would
it, would i, would my, would a, would they, would she, would he, could it get, could it become,
could it turn, could it go, could it cause, could they get, could they become, could this get, could
that get, could it start, could my baby get, could steam, could the, could a, when you remove, when
you take, when you freeze, when you do, when you extract, when you pop, when you squeeze, when you
have, when you get, when you use, when you inject, cover me for, cover for, cause a, cause any,
cause more, worried it will, worried it might, worried itll, scared itll, afraid itll, worried they
will, worried ill, scared ill get, get sick from, get ill from, get poorly from, get an infection
from, get hurt from, be harmed by, be harmful if, be dangerous if, be poisoned by, how serious, how
would, how should i, how should you, how quickly, how soon, how long before, how long until, how
long can, what would happen, what could happen, what can happen, what might, what symptoms, what
signs, whether there is a, whether there are, risk getting, possibility that, supposing that, in the
event of, in the event, were to, should there be, should anything, should it get, should it become,
should it start, should it bleed, should he develop, should she develop, had i been, if ever, hear
about, reading about, stories online, myth, myths, true that, rumour, article says, website says,
blog says, leaflet, guidance on, guidelines, signs to, things to, red flags, warning signs, warning
sign, what to look, at what point, in what case, in which case, under what circumstances, when
would, when will, when can, when should, when do you, when do we, is it safe for, is it safe if,
counts as, count as, classed as, class as, considered a, way not to, ways not to, how not to, avoid
getting, best way to avoid, how common is, how comon is, how commen is, how common are, how rare is,
how many people, how many babies, how many kids, how many children, how many patients, how many
clients, how many of your, how often are, how much blood is, which organisms, which bacteria, which
germs, why are fevers, why is fever, why is a fever, told us about a, tell us about a, told me about
a, told us about some, told us about babies, lets say, let us say, let us imagine, imagine it, so my
kids cant, so kids cant, so the kids cant, so the kids dont, so my kids dont
""")
"""What follows is supposed, asked in general, or feared for later."""
