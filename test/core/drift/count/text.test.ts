import { derivationsOf, derivedCell, hash32, textFactsOf, WORDS_KEPT } from '../../../../core/drift/count';
import { isRefusal } from '../../../../core/drift/count/refusal';
import { MISSING, WRONG_TYPE } from '../../../../core/drift/types';

const languageOf = (text: string): string => textFactsOf(text).language;

test.each<[string, string[]]>([
  [
    'en',
    [
      'Where is my order? It was due on Monday and I have not heard from you.',
      'The quick brown fox jumps over the lazy dog and then it sleeps for an hour.',
      'Can you please tell me how to reset my password?',
    ],
  ],
  [
    'de',
    [
      'Wo ist meine Bestellung? Sie sollte am Montag kommen und ich habe nichts gehört.',
      'Ich kann mich nicht mehr anmelden, bitte helfen Sie mir mit dem Passwort.',
      'Das Paket ist beschädigt und der Inhalt fehlt auch noch.',
    ],
  ],
  [
    'fr',
    [
      'Où est ma commande ? Elle devait arriver lundi et je n’ai pas de nouvelles.',
      'Je ne peux plus me connecter à mon compte, pouvez-vous m’aider avec le mot de passe ?',
    ],
  ],
  [
    'es',
    [
      '¿Dónde está mi pedido? Tenía que llegar el lunes y no he tenido noticias.',
      'No puedo entrar en mi cuenta, por favor ayúdenme con la contraseña.',
    ],
  ],
  [
    'it',
    [
      'Dove si trova il mio ordine? Doveva arrivare lunedì e non ho più notizie.',
      'Non riesco ad accedere al mio account, come posso cambiare la password?',
    ],
  ],
  [
    'pt',
    [
      'Onde está a minha encomenda? Devia chegar na segunda-feira e não tenho notícias.',
      'Não consigo entrar na minha conta, como é que eu mudo a senha?',
    ],
  ],
  [
    'nl',
    [
      'Waar is mijn bestelling? Die zou maandag komen en ik heb nog niets gehoord.',
      'Ik kan niet meer inloggen, kunt u mij helpen met het wachtwoord van mijn account?',
    ],
  ],
  [
    'sv',
    [
      'Var är min beställning? Den skulle komma på måndag och jag har inte hört något.',
      'Jag kan inte logga in på mitt konto, hur byter jag lösenord?',
    ],
  ],
  [
    'da',
    [
      'Hvor er min ordre? Den skulle komme mandag, og jeg har ikke hørt noget fra jer.',
      'Jeg kan ikke logge ind, og hvad skal jeg gøre efter det?',
    ],
  ],
  [
    'pl',
    [
      'Gdzie jest moje zamówienie? Miało być w poniedziałek i nie mam żadnych wiadomości.',
      'Nie mogę się zalogować na moje konto, proszę o pomoc.',
    ],
  ],
  [
    'cs',
    [
      'Kde je moje objednávka? Měla přijít v pondělí a nic jsem od vás neslyšel.',
      'Nemohu se přihlásit, prosím pomozte mi, když to není možné jen tak.',
    ],
  ],
  [
    'fi',
    [
      'Missä tilaukseni on? Sen piti tulla maanantaina, mutta en ole vielä kuullut mitään.',
      'En voi kirjautua, mitä minun pitää nyt tehdä, kun se ei ole mahdollista?',
    ],
  ],
  [
    'hu',
    [
      'Hol van a rendelésem? Hétfőn kellett volna jönnie, de még nem kaptam hírt.',
      'Nem tudok belépni, kérem, hogy segítsen, mert ez most nagyon fontos.',
    ],
  ],
  [
    'ro',
    [
      'Unde este comanda mea? Trebuia să vină luni și nu am primit nimic de la voi.',
      'Nu pot să intru în cont, vă rog să mă ajutați cu parola care nu mai este bună.',
    ],
  ],
  [
    'tr',
    [
      'Siparişim nerede? Pazartesi gelmesi gerekiyordu ama henüz bir haber yok.',
      'Hesabıma giremiyorum, bu şifre için ne yapmam lazım, lütfen bana yardım edin.',
    ],
  ],
  [
    'id',
    [
      'Di mana pesanan saya? Seharusnya sudah sampai pada hari Senin dan belum ada kabar.',
      'Saya tidak bisa masuk ke akun saya, apa yang harus saya lakukan?',
    ],
  ],
  [
    'vi',
    [
      'Đơn hàng của tôi ở đâu? Tôi không nhận được thông tin nào từ các bạn.',
      'Tôi không thể đăng nhập vào tài khoản, phải làm gì bây giờ?',
    ],
  ],
  ['ru', ['Где мой заказ? Он должен был прийти в понедельник, но я ничего не получил от вас.']],
  ['uk', ['Де моє замовлення? Воно має бути в понеділок, але я ще не отримав його від вас.']],
  ['ar', ['أين طلبي؟ كان من المفترض أن يصل يوم الاثنين ولم أسمع منكم في هذا الوقت.']],
  ['el', ['Πού είναι η παραγγελία μου;']],
  ['he', ['איפה ההזמנה שלי?']],
  ['hi', ['मेरा ऑर्डर कहाँ है?']],
  ['th', ['คำสั่งซื้อของฉันอยู่ที่ไหน']],
  ['zh', ['我的订单在哪里？']],
  ['ja', ['注文はどこにありますか？月曜日に届くはずでした。']],
  ['ko', ['제 주문은 어디에 있나요?']],
  ['unknown', ['', 'ACME-4711', 'Berlin Paris Roma', 'ok', 'SELECT x1 FROM t99']],
])('language %s', (language, texts) => {
  expect(texts.map(languageOf)).toEqual(texts.map(() => language));
});

test('length, words and numbers; scripts without blanks count signs', () => {
  expect(textFactsOf('Order 4711 is late, isn’t it?')).toMatchObject({ length: 29, tokens: 7 });
  expect(textFactsOf('我的订单 4711')).toMatchObject({ tokens: 5 });
  expect(textFactsOf(' \n?!')).toMatchObject({ length: 4, tokens: 0, words: [] });
});

test('words are known in small letters, numbers are no words, and only the first count', () => {
  expect(textFactsOf('HELLO Élan 42 x7').words).toEqual([hash32('hello'), hash32('élan')]);
  const long = textFactsOf('word '.repeat(10_000));
  expect(long).toMatchObject({ tokens: 10_000 });
  expect(long.words).toHaveLength(WORDS_KEPT);
});

test.each([
  "I'm sorry, but I can't help with that.",
  'I cannot assist with this request.',
  'As an AI language model, I have no opinion.',
  'Sorry. I’m unable to do this.',
  'Als KI kann ich das nicht.',
  'Dabei kann ich Ihnen leider nicht helfen.',
  'Je ne peux pas vous aider.',
  'Lo siento, no puedo ayudar con eso.',
  '申し訳ありませんが、お答えできません。',
  '抱歉，我无法回答这个问题。',
])('a refusal: %s', (text) => expect(isRefusal(text)).toBe(true));

test.each([
  'Your order is on its way.',
  'I can help you with that.',
  'The customer said that the parcel cannot be delivered.',
  'Ich kann Ihnen gern helfen.',
  `${'x '.repeat(300)}I cannot help with that`,
  '',
])('no refusal: %s', (text) => expect(isRefusal(text)).toBe(false));

test('derived cells', () => {
  const facts = textFactsOf('please help zebras');
  const vocabulary = new Set([hash32('please'), hash32('help')]);
  expect(derivedCell(facts, 'unknown-words', vocabulary)).toBeCloseTo(1 / 3, 12);
  expect(derivedCell(facts, 'unknown-words')).toBe(MISSING);
  expect(derivedCell(textFactsOf('12'), 'unknown-words', vocabulary)).toBe(MISSING);
  expect(derivedCell(facts, 'refusal')).toBe('no');
  expect(derivedCell(facts, undefined)).toBe(WRONG_TYPE);
  expect([derivedCell(null, 'length'), derivedCell(false, 'length'), derivedCell(4, undefined)]).toEqual([MISSING, WRONG_TYPE, 4]);
});

test('what is derived by default: refusals of answers alone', () => {
  const names = (side: 'input' | 'output') =>
    derivationsOf({ name: 't', side, path: 't', kind: 'text' }).map(({ name, kind }) => `${name} ${kind}`);
  expect(names('input')).toEqual(['t.length numeric', 't.tokens numeric', 't.language categorical', 't.unknown-words numeric']);
  expect(names('output')).toEqual([...names('input'), 't.refusal categorical']);
  expect(derivationsOf({ name: 'n', side: 'input', path: 'n', kind: 'numeric' })).toEqual([{ name: 'n', kind: 'numeric' }]);
});
