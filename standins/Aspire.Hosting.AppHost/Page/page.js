'use strict';
// The token arrives in the address once; it is kept for this tab and taken out of the address bar.
const query = new URLSearchParams(location.search);
if (query.has('token')) {
  sessionStorage.setItem('token', query.get('token'));
  history.replaceState(null, '', location.pathname);
}
const headers = { Authorization: `Bearer ${sessionStorage.getItem('token') ?? ''}` };
const ansi = /\u001b\[[0-9;]*m/g;
const byId = id => document.getElementById(id);
let selected = null;
let busy = false;

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function tone(resource) {
  if (resource.state === 'FailedToStart' || resource.state === 'ValueMissing' || resource.exitCode) return 'bad';
  if (resource.state === 'Running') return resource.health === 'Healthy' ? 'good' : 'wait';
  return resource.state === 'Finished' || resource.state === 'NotStarted' || resource.state === 'Exited' ? 'dim' : 'wait';
}

function stateCell(resource) {
  const cell = element('td');
  const health = resource.state === 'Running' && resource.checks.length ? `, ${resource.health ?? 'unknown'}` : '';
  const exit = resource.exitCode === null ? '' : `, exit code ${resource.exitCode}`;
  cell.append(element('span', `● ${resource.state || 'New'}${health}${exit}`, tone(resource)));
  if (resource.reason) cell.append(element('span', resource.reason, 'reason'));
  return cell;
}

function row(resource) {
  const line = element('tr', undefined, resource.id === selected ? 'selected' : '');
  const name = element('button', resource.label, 'name');
  name.onclick = () => { selected = resource.id; refresh(); };
  const first = element('td');
  first.append(name);
  const addresses = element('td');
  for (const url of resource.urls) {
    const web = url.url.startsWith('http');
    const shown = element(web ? 'a' : 'span', url.text);
    if (web) { shown.href = url.url; shown.target = '_blank'; shown.rel = 'noreferrer'; }
    addresses.append(shown, element('br'));
  }
  const actions = element('td');
  for (const command of resource.commands) {
    const button = element('button', command.displayName);
    button.title = command.description ?? '';
    button.disabled = !command.isEnabled;
    button.onclick = () => run(resource, command, button);
    actions.append(button);
  }
  const started = resource.startedAt ? new Date(resource.startedAt).toLocaleTimeString() : '';
  line.append(first, element('td', resource.type, 'dim'), stateCell(resource), element('td', started, 'dim'), addresses, actions);
  return line;
}

async function run(resource, command, button) {
  if (command.confirmation && !confirm(command.confirmation)) return;
  button.disabled = busy = true;
  const path = `api/resources/${encodeURIComponent(resource.id)}/commands/${encodeURIComponent(command.name)}`;
  const answer = await fetch(path, { method: 'POST', headers }).then(r => r.json()).catch(error => ({ message: String(error) }));
  busy = false;
  if (!answer.success) alert(answer.message ?? 'The command was not run.');
  refresh();
}

async function showDetails(resource) {
  byId('details').hidden = !resource;
  if (!resource) return;
  byId('title').textContent = resource.label;
  byId('checks').replaceChildren(...resource.checks.map(check =>
    element('p', `${check.name}: ${check.status ?? 'not checked yet'}${check.text ? ` (${check.text})` : ''}`, 'dim')));
  byId('environment').replaceChildren(...resource.environment.map(variable => {
    const line = element('tr');
    line.append(element('td', variable.name), element('td', variable.value));
    return line;
  }));
  const lines = await fetch(`api/resources/${encodeURIComponent(resource.id)}/logs`, { headers }).then(r => r.json());
  const log = byId('log');
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 30;
  const text = lines.map(line => line.text.replace(ansi, '')).join('\n');
  if (log.textContent !== text) {
    log.textContent = text;
    if (atEnd) log.scrollTop = log.scrollHeight;
  }
}

async function refresh() {
  try {
    const resources = await fetch('api/resources', { headers }).then(r => r.ok ? r.json() : Promise.reject(new Error(`${r.status}`)));
    const processes = resources.filter(r => r.type !== 'Parameter' && r.type !== 'ConnectionString');
    const healthy = processes.filter(r => tone(r) === 'good' || tone(r) === 'dim').length;
    byId('summary').textContent = `${healthy} of ${processes.length} resources are as they should be`;
    // Not while a button of this table is being pressed or waits for its answer.
    if (!busy && !document.querySelector('#resources button:active')) byId('resources').replaceChildren(...processes.map(row));
    await showDetails(resources.find(r => r.id === selected));
  } catch (error) {
    byId('summary').textContent = error.message === '401' ? 'Open the address with the token that the host printed.' : 'The host does not answer: it has stopped.';
  }
}

byId('close').onclick = () => { selected = null; refresh(); };
refresh();
setInterval(() => { if (!document.hidden) refresh(); }, 1000);
