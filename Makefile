# One word each; `make help` lists them. Needs Python 3.11 and make, nothing else.
.DEFAULT_GOAL := help
.PHONY: help demo test soak bench check format requirements frontend

TEMPLATES = $$(find templates lambeth_plans activities objectives kpis risks finance -name '*.html')

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 15

demo: ## run it on this machine: http://127.0.0.1:$PORT (8000), log-ins printed, DEMO_PASSWORD chooses the password
	@requirements/install.sh production
	@.venv/bin/python deploy/demo.py

test: ## the whole suite on SQLite and on PostgreSQL; ARGS="-k words" passes on to pytest, ONLY=sqlite|postgres
	@requirements/install.sh development
	@.venv/bin/python -m tests.run $(if $(ONLY),--only $(ONLY)) $(ARGS)

soak: ## the long campaigns (races, random sequences, walks over everything) in full on both databases, as long as it takes
	@requirements/install.sh development
	@CAMPAIGN=soak .venv/bin/python -m tests.run $(if $(ONLY),--only $(ONLY)) -m campaign $(ARGS)

bench: ## the speed of pages against their raw SQL, of imports against a floor and a peer, on both databases; half an hour
	@requirements/install.sh development
	@failed=0; \
	for part in "pages.py" "pack.py" "figures_import.py --keep docs/performance.md" "plan_workbook.py"; do \
		.venv/bin/python bench/$$part || failed=1; \
	done; exit $$failed

# Everything is tried, so that one run tells all. The last two ask what production would be asked.
check: ## formatting, linting, floors, missing migrations, deployment settings
	@requirements/install.sh development
	@mkdir -p var; \
	failed=0; \
	try() { echo "── $$1"; shift; "$$@" || failed=$$((failed + 1)); }; \
	try "formatting of Python" .venv/bin/ruff format --check .; \
	try "linting of Python" .venv/bin/ruff check .; \
	try "formatting of templates" .venv/bin/djade --target-version 5.2 --check $(TEMPLATES); \
	try "floors" .venv/bin/lint-imports --no-logo; \
	unset LAMBETH_PLANS_ENV DEBUG; \
	export LAMBETH_PLANS_MODE=production ALLOWED_HOSTS=plans.example.org DATABASE_URL=sqlite:///var/check.sqlite3; \
	export SECRET_KEY=$$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(48))'); \
	try "missing migrations" .venv/bin/python manage.py makemigrations --check --dry-run; \
	try "deployment" .venv/bin/python -W error manage.py check --deploy --fail-level WARNING; \
	rm -f var/check.sqlite3*; \
	if [ $$failed -gt 0 ]; then echo "── $$failed of 6 checks FAILED"; exit 1; fi; \
	echo "── all 6 checks passed"

format: ## put the code and the templates into shape
	@requirements/install.sh development
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	.venv/bin/djade --target-version 5.2 $(TEMPLATES)

requirements: ## pin what pyproject.toml asks for, with hashes; UPGRADE=1 takes the newest
	@requirements/install.sh development
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		$(if $(UPGRADE),--upgrade) --output-file requirements/production.txt pyproject.toml
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		$(if $(UPGRADE),--upgrade) --constraint requirements/production.txt \
		--group test --group check --output-file requirements/development.txt pyproject.toml

frontend: ## compile the styles and scripts again (needs Node.js; the compiled files are in the repository)
	frontend/build.sh
