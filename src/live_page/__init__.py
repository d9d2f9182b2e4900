"""The page that shows a service live, served on loopback while anything happens to it.

`server` serves it, `guard` decides who is answered, `viewers` hands each state to all who look.
`sampler` is the one who looks, whatever the number of viewers: at the `record` of the run that goes
on, and through `api` at what AWS says and no observer records. `view` keeps the latest of both,
`traffic` the replies, `news` what has changed, in words; `claims` says how a scenario's claims
stand. `snapshot` makes of all that what the page shows. `commands` starts the playbooks that the
page's buttons name, `one_request` sends one. `priority` keeps all this from disturbing
what is measured.

`configuration` is what the server is given, `running` starts and ends it, called by
action_plugins/service_page.py.
"""
