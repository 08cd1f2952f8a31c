'use strict';
(() => {
  const form = document.getElementById('settings');
  const summary = document.getElementById('summary');
  const saved = document.getElementById('saved');
  const parents = form.dataset.parents.split(' ');
  let saving = false;
  let height;

  // Of several origins one is the parent's. The browser drops the messages to the others.
  const tell = (message) => {
    if (window.parent === window) return;
    for (const origin of parents) window.parent.postMessage(message, origin);
  };

  const tellHeight = () => {
    const now = Math.ceil(document.body.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    tell({ iframe_loaded: { height } });
  };

  // Files go as a multipart form, everything else as JSON.
  const request = () => {
    const data = new FormData(form);
    const entries = [...data];
    if (entries.some(([, value]) => value instanceof File && value.name !== '')) {
      return { body: data };
    }
    const texts = entries.filter(([, value]) => typeof value === 'string');
    const body = JSON.stringify(Object.fromEntries(texts));
    return { body, headers: { 'content-type': 'application/json' } };
  };

  // Errors are texts: never HTML.
  const showErrors = (errors, error) => {
    const elsewhere = new Map(Object.entries(errors));
    let first;
    for (const field of form.querySelectorAll('[data-field]')) {
      const { field: name } = field.dataset;
      const control = document.getElementById(`field-${name}`);
      const message = elsewhere.get(name);
      elsewhere.delete(name);
      document.getElementById(`field-${name}-error`).textContent = message ?? '';
      if (message === undefined) {
        control.removeAttribute('aria-invalid');
      } else {
        control.setAttribute('aria-invalid', 'true');
        first ??= control;
      }
    }
    const others = [...elsewhere].map(([name, message]) => `${name}: ${message}.`);
    summary.textContent = error === undefined ? '' : [error, ...others].join(' ');
    first?.focus();
  };

  // What was just stored is shown as the page would show it, without loading it again.
  const showStored = () => {
    for (const state of form.querySelectorAll('[data-state]')) {
      const control = state.parentElement.querySelector('[type="password"], [type="file"]');
      const remove = state.querySelector('[type="checkbox"]');
      if (control.value !== '') {
        state.dataset.state = 'set';
        if (control.files) state.querySelector('b').textContent = control.files[0].name;
      } else if (remove?.checked) {
        state.dataset.state = 'unset';
      }
      control.value = '';
      if (remove) remove.checked = false;
    }
  };

  const send = async () => {
    try {
      const response = await fetch(window.location.pathname, {
        method: 'POST',
        credentials: 'omit',
        ...request(),
      });
      return (await response.json()) ?? {};
    } catch {
      return {};
    }
  };

  const save = async () => {
    if (saving) return;
    saving = true;
    saved.textContent = '';
    form.setAttribute('aria-busy', 'true');
    const answer = await send();
    const success = answer.success === true;
    if (success) {
      showErrors({});
      showStored();
      saved.textContent = 'Saved.';
    } else {
      const errors = answer.errorFields ?? {};
      const error = typeof answer.error === 'string' ? answer.error : undefined;
      const isChecked = Object.keys(errors).length > 0;
      showErrors(errors, error ?? (isChecked ? 'Not saved. Please check the form.' : 'Not saved. Please try again later.'));
    }
    form.removeAttribute('aria-busy');
    saving = false;
    tell({ iframe_saved: { success } });
  };

  // The server checks everything, and its errors are shown beside the fields.
  form.noValidate = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    save();
  });

  window.addEventListener('message', ({ source, origin, data }) => {
    const asked = typeof data === 'object' && data !== null && 'post_form' in data;
    if (asked && source === window.parent && parents.includes(origin)) save();
  });

  window.addEventListener('load', () => {
    tellHeight();
    new ResizeObserver(tellHeight).observe(document.body);
  });
})();
